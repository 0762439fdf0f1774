// What happens when the reader asks for something else? Everything that is shown follows.

function changed() {
  current = passing();
  keptSet = new Set(current.kept);
  if (selected && !keptSet.has(selected)) {
    selected = null;
    showDetails();
  }
  listed = STEP;
  drawUnits(keptSet);
  tellLedger(current);
  tellHandles();
  drawBars(current.range);
  drawTable();
  refresh();
}

byId("nothing").textContent = incidents.length ? say("none_left") : say("none_matched");
buildGround();
buildFilters(changed);
buildTimeline(changed);
buildTable();
showDetails();
measure();
changed();
listenToMap();
document.documentElement.classList.add("ready");
