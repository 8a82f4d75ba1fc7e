// The map: Leaflet on a picture, on PMTiles, or on nothing; its markers say what the live list beneath it says.
"use strict";
(async () => {
  const box = document.getElementById("map");
  if (!box || !window.L) return;
  const said = await (await fetch(box.dataset.places)).json();
  const flat = said.ground !== "tiles";
  const map = L.map(box, { crs: flat ? L.CRS.Simple : L.CRS.EPSG3857, minZoom: flat ? -5 : 3, maxZoom: flat ? 4 : 18, zoomSnap: 0.25, attributionControl: false });
  const at = (place) => [place[1], place[0]];
  // Whom nobody has put anywhere stands as in the scheme, drawn over the whole ground: the scheme's own 1000 × 1000 lie off a map of the world.
  let frame = [[0, 0], [1000, 1000]];
  const between = ([low, high], part) => low + (high - low) * (part / 1000);
  const place = (gong) => (gong.put ? at(gong.at) : [0, 1].map((one) => between([frame[0][one], frame[1][one]], at(gong.at)[one])));
  const marks = new Map();

  if (said.ground === "picture") {
    const picture = new Image();
    picture.src = box.dataset.groundAt;
    await picture.decode();
    frame = [[0, 0], [picture.naturalHeight, picture.naturalWidth]];
    L.imageOverlay(box.dataset.groundAt, frame).addTo(map);
    map.fitBounds(frame);
  } else if (said.ground === "tiles") {
    const tiles = new pmtiles.PMTiles(box.dataset.groundAt);
    pmtiles.leafletRasterLayer(tiles).addTo(map);
    const head = await tiles.getHeader();
    frame = [[head.minLat, head.minLon], [head.maxLat, head.maxLon]];
    map.fitBounds(frame);
  } else {
    const where = new Map();
    for (const gong of said.gongs) if (!where.has(gong.hamlet)) where.set(gong.hamlet, at(gong.at));
    for (const [one, two] of said.neighbours) if (where.has(one) && where.has(two)) L.polyline([where.get(one), where.get(two)], { className: "near", interactive: false }).addTo(map);
    map.fitBounds(frame);
  }

  function icon(item, gong) {
    const name = document.createElement("span");
    name.textContent = gong.name + (gong.node === gong.hamlet ? "" : ` · ${gong.node}`);
    const glyph = document.createElement("b");
    glyph.textContent = item ? item.dataset.glyph : "○";
    const holder = document.createElement("div");
    holder.append(glyph, name);
    return L.divIcon({ className: `mark ${item ? item.dataset.lamp : "unknown"}`, html: holder, iconSize: null });
  }

  function follow() {
    for (const gong of said.gongs) {
      const item = document.querySelector(`[data-part="gongs"] > [data-key="${CSS.escape(gong.node)}"]`);
      const mark = marks.get(gong.node);
      const shape = item ? `${item.dataset.lamp}` : "unknown";
      if (mark.shape === shape) continue;
      mark.shape = shape;
      mark.setIcon(icon(item, gong));
      const text = `${gong.name}: ${item ? item.dataset.word : ""}`;
      mark.getElement()?.setAttribute("aria-label", text);
      mark.getElement()?.setAttribute("title", text);
    }
  }

  for (const gong of said.gongs) {
    const mark = L.marker(place(gong), { icon: icon(null, gong), keyboard: true, alt: gong.name });
    mark.addTo(map);
    mark.on("click", () => { if (!document.getElementById("move")?.checked) document.querySelector(`[data-part="gongs"] > [data-key="${CSS.escape(gong.node)}"]`)?.scrollIntoView({ block: "center" }); });
    mark.on("dragend", () => {
      const there = mark.getLatLng();
      const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
      window.htmx.ajax("POST", box.dataset.put.replace("NODE", gong.node), { target: "#said", values: { x: there.lng, y: there.lat }, headers: { "X-CSRFToken": token } });
    });
    marks.set(gong.node, mark);
  }
  document.getElementById("move")?.addEventListener("change", (event) => { for (const mark of marks.values()) if (event.target.checked) mark.dragging.enable(); else mark.dragging.disable(); });
  document.addEventListener("keng:part", follow);
  follow();
  box.dataset.ready = "1";
})();
