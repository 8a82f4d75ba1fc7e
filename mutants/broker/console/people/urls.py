"""The addresses of the room."""

from __future__ import annotations

from django.urls import path

from broker.console.people.views import chief, factor, own, signin, trust

urlpatterns = [
    path("dang-nhap", signin.come_in, name="login"),
    path("dang-nhap/ma", signin.code, name="login_code"),
    path("dang-xuat", signin.go_out, name="logout"),
    path("chung-chi", trust.trust, name="trust"),
    path("chung-chi/keng-ca.crt", trust.trust_file, name="trust_file"),
    path("toi", own.own, name="own"),
    path("toi/mat-khau", own.own_password, name="own_password"),
    path("toi/pin", own.own_pin, name="own_pin"),
    path("toi/hai-lop", factor.own_factor, name="own_factor"),
    path("toi/hai-lop.svg", factor.own_factor_qr, name="own_factor_qr"),
    path("toi/phien", own.end_own, name="end_own"),
    path("tai-khoan", chief.people, name="people"),
    path("tai-khoan/moi", chief.new_officer, name="new_officer"),
    path("tai-khoan/nguoi/<slug:name>", chief.person, name="person"),
    path("tai-khoan/nguoi/<slug:name>/doi", chief.change, name="change_person"),
    path("tai-khoan/nguoi/<slug:name>/phien", chief.end_session, name="end_session"),
]
