"""Coming in, going out, and the language."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.utils.decorators import method_decorator


@method_decorator(login_not_required, name="dispatch")
class ComeIn(LoginView):
    """Đăng nhập."""

    template_name = "people/login.html"
    redirect_authenticated_user = True


class GoOut(LogoutView):
    """Đăng xuất."""
