"""The pages Thiết bị and Bản đồ, and what a technician does there."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from broker.console.devices.forms import MuteForm, PlaceForm, RetireForm, TestForm
from broker.console.devices.ground import KINDS, ground_of, span
from broker.console.devices.history import chimes_of, last_chimes, troubles_of
from broker.console.devices.layout import schematic
from broker.console.devices.models import Place
from broker.console.devices.parts import gong
from broker.console.duty import pins
from broker.console.duty.asks import Outcome, act, answer
from broker.console.live.board import NodeNow
from broker.console.live.now import hub
from broker.console.live.parts import Viewer
from broker.console.live.stream import first_paint
from broker.console.people.doors import needs, officer_of
from broker.console.words import named
from broker.register.models import Mute, Node
from broker.words import TROUBLES
from wire.asks import AskChime, AskMute, AskRetire, AskUnmute
from wire.words import Instant

OUT_S = 4.0
"""It takes a second or two; the page waits eight for an answer."""
TEST_PATTERN = "test"
"""Built in: one stroke."""
DAY_MS = 86_400_000
MUTE_SLACK_MS = 60_000
"""Thirty days by our clock must not be more by the service's."""


@require_GET
@needs("look")
def devices(request: HttpRequest) -> HttpResponse:
    """Thiết bị."""
    board = hub().board
    context = {
        "items": first_paint(("gongs", "voices"), request),
        "parts": "gongs,voices",
        "last": last_chimes(n.id for n in board.nodes),
    }
    return render(request, "devices/devices.html", {**context, "board": board})


@require_GET
@needs("look")
def device(request: HttpRequest, node: str) -> HttpResponse:
    """One gong, with its history."""
    found = _seen(node)
    viewer = Viewer(officer_of(request).role, "vi")
    context = {
        **gong(found, hub().board, silent=viewer.silent),
        "chimes": chimes_of(found.id, found.hamlet, hub().wall_ms()),
        "past": troubles_of(found.id),
        "can_mend": officer_of(request).may("devices") and found.ours,
        "mutes": list(Mute.objects.filter(node=found.id, over_at_ms=None).order_by("seq")),
        "kinds": [(key, named(TROUBLES, key)) for key in TROUBLES],
    }
    return render(request, "devices/device.html", context)


@require_POST
@needs("devices")
def test(request: HttpRequest, node: str) -> HttpResponse:
    """One stroke in that gong's hamlet."""
    found = _node(node)
    form = TestForm(request.POST)
    if not form.is_valid():
        return answer(request, Outcome(False, _("Biểu mẫu đã cũ, hãy tải lại trang.")))
    officer = officer_of(request).username
    ask = AskChime(id=form.cleaned_data["ask"], pattern=TEST_PATTERN, hamlets=(found.hamlet,), behalf=officer)
    return answer(request, act("chime", ask, _("Đã ra lệnh đánh thử một tiếng.")))


@require_POST
@needs("devices")
def mute(request: HttpRequest, node: str) -> HttpResponse:
    """Let its troubles raise nobody for some days; they are shown all the same."""
    found = _node(node)
    form = MuteForm(request.POST)
    if not form.is_valid():
        return answer(request, Outcome(False, _("Hãy ghi lý do, và số ngày từ 1 đến 30.")))
    said = form.cleaned_data
    until = Instant(hub().wall_ms() + said["days"] * DAY_MS - MUTE_SLACK_MS)
    ask = AskMute(
        id=said["ask"],
        node=found.id,
        kind=said["kind"] or None,
        until=until,
        why=said["why"],
        behalf=officer_of(request).username,
    )
    return answer(request, act("mute", ask, _("Đã tạm im. Trục trặc vẫn hiện, nhưng không gọi ai.")))


@require_POST
@needs("devices")
def unmute(request: HttpRequest, node: str) -> HttpResponse:
    """Let them raise people again."""
    found = _node(node)
    form = TestForm(request.POST)
    if not form.is_valid():
        return answer(request, Outcome(False, _("Biểu mẫu đã cũ, hãy tải lại trang.")))
    kind = request.POST.get("kind", "")[:32] or None
    ask = AskUnmute(id=form.cleaned_data["ask"], node=found.id, kind=kind, behalf=officer_of(request).username)
    return answer(request, act("unmute", ask, _("Đã thôi tạm im.")))


@require_POST
@needs("devices")
def retire(request: HttpRequest, node: str) -> HttpResponse:
    """Dismiss it for good, with the PIN: its password and its key are worth nothing from then on."""
    found, officer = _node(node), officer_of(request)
    form = RetireForm(request.POST)
    if not form.is_valid():
        return answer(request, Outcome(False, " ".join(str(one) for many in form.errors.values() for one in many)))
    said = form.cleaned_data
    if fault := pins.fault(officer, said["pin"]):
        return answer(request, Outcome(False, fault))
    ask = AskRetire(id=said["ask"], node=found.id, why=said["why"], behalf=officer.username)
    outcome = act("retire", ask, "")
    if outcome.ok:
        out = hub().until(lambda board: found.id not in (board.codebook.get("nodes") or {}), OUT_S)
        text = _("Đã thu hồi %(node)s: đã bị ngắt, không vào lại được. Sổ đã ghi tên bạn và lý do.")
        late = _(
            "Đã ghi lệnh thu hồi %(node)s, máy của xã đang làm. Mục Trục trặc ở trang Trực ban báo cho đến khi xong."
        )
        outcome = Outcome(True, (text if out else late) % {"node": found.id})
    return answer(request, outcome)


@require_GET
@needs("look")
def on_map(request: HttpRequest) -> HttpResponse:
    """Bản đồ."""
    ground = ground_of(settings.CONSOLE.home)
    context = {"items": first_paint(("gongs",), request), "parts": "gongs", "ground": ground.kind}
    return render(request, "devices/map.html", {**context, "can_mend": officer_of(request).may("devices")})


@require_GET
@needs("look")
def places(request: HttpRequest) -> HttpResponse:
    """Where each gong stands, and who is whose neighbour."""
    board = hub().board
    hamlets = board.codebook.get("hamlets") or {}
    neighbours = {slug: tuple((one or {}).get("neighbours") or ()) for slug, one in hamlets.items()}
    found = schematic([(node.id, node.hamlet) for node in board.nodes], neighbours)
    put = {place.node: (place.x, place.y) for place in Place.objects.all()}
    marks = [
        {
            "node": node.id,
            "hamlet": node.hamlet,
            "name": board.hamlets.get(node.hamlet, node.hamlet),
            "at": put.get(node.id, found[node.id]),
            "put": node.id in put,
        }
        for node in board.nodes
    ]
    pairs = sorted({tuple(sorted((one, two))) for one, many in neighbours.items() for two in many if two in hamlets})
    return JsonResponse({"ground": ground_of(settings.CONSOLE.home).kind, "gongs": marks, "neighbours": pairs})


@require_POST
@needs("devices")
def put(request: HttpRequest, node: str) -> HttpResponse:
    """Move a gong on the map."""
    found = _node(node)
    form = PlaceForm(request.POST)
    if not form.is_valid():
        return answer(request, Outcome(False, _("Vị trí không đúng.")))
    said = form.cleaned_data
    values = {"x": said["x"], "y": said["y"], "by": officer_of(request).username}
    Place.objects.update_or_create(node=found.id, defaults=values)
    return answer(request, Outcome(True, _("Đã ghi vị trí.")))


@require_GET
@needs("look")
def ground(request: HttpRequest) -> HttpResponse:
    """The picture or the tiles, in ranges."""
    there = ground_of(settings.CONSOLE.home)
    if there.path is None:
        raise Http404
    size = there.path.stat().st_size
    try:
        wanted = span(request.headers.get("Range"), size)
    except ValueError:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    with there.path.open("rb") as file:
        first, last = wanted or (0, size - 1)
        file.seek(first)
        body = file.read(last - first + 1)
    response = HttpResponse(body, status=200 if wanted is None else 206, content_type=KINDS[there.path.suffix])
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = "private, max-age=3600"
    if wanted is not None:
        response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response


def _node(name: str) -> NodeNow:
    for node in hub().board.nodes:
        if node.id == name:
            return node
    raise Http404


def _seen(name: str) -> NodeNow:
    """Also one that was retired: what the register tells of it stays."""
    row = Node.objects.filter(pk=name).first()
    if row is None or any(node.id == name for node in hub().board.nodes):
        return _node(name)
    return NodeNow(row.id, row.hamlet, None, online=False, ours=False)
