// Conveniences only: every page works without this file.
"use strict";

document.addEventListener("keydown", (event) => {
  const within = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !within && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const search = document.querySelector("[data-search]");
    if (search) {
      event.preventDefault();
      search.focus();
      search.select();
    }
  }
  // What a scanner types belongs in its field, wherever the last button that was pressed left the focus.
  const scanned = document.querySelector("[data-scan-field], [data-scan]");
  if (scanned && event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey && document.activeElement === document.body) scanned.focus();
  if (event.key === "Escape") {
    const open = event.target.closest("details[data-menu][open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  }
});

// A menu closes when something else is clicked; only one is open.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    const source = document.getElementById(copy.dataset.copy);
    navigator.clipboard.writeText(source.textContent.trim()).then(
      () => { copy.textContent = "Copied"; },
      () => { getSelection().selectAllChildren(source); },
    );
  }
});

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  // Filters change without a new page: what is saved is what is shown.
  if (form.hasAttribute("data-save-view")) form.elements.query.value = location.search;
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

const ticks = (scope) => [...scope.querySelectorAll("[data-tick]")];
const count = () => {
  const shown = document.querySelector("[data-bulk-count]");
  const ticked = ticks(document).filter((box) => box.checked).length;
  if (shown) shown.textContent = ticked ? `${ticked} selected:` : "Select rows to:";
  for (const button of document.querySelectorAll("[data-bulk] button")) button.disabled = !ticked;
  const all = document.querySelector("[data-tick-all]");
  if (all) {
    all.checked = ticked > 0 && ticked === ticks(document).length;
    all.indeterminate = ticked > 0 && !all.checked;
  }
};
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-tick-all]")) {
    for (const box of ticks(event.target.closest("table"))) box.checked = event.target.checked;
  }
  if (event.target.matches("[data-tick], [data-tick-all]")) count();
});

// On a telephone a row of a list stands as a block, and each value is named by the head of its column.
const nameCells = () => {
  for (const list of document.querySelectorAll("table.list:not([data-named])")) {
    const heads = [...list.tHead.rows[0].cells].map((head) => head.querySelector(".unseen") ? "" : head.textContent.replace(/[↑↓]/, "").trim());
    for (const row of list.tBodies[0].rows) {
      if (row.cells.length === heads.length) heads.forEach((head, at) => { row.cells[at].dataset.head = head; });
    }
    list.dataset.named = "";
  }
};

// What is only of use with scripts is shown by them.
const wake = () => {
  nameCells();
  if (navigator.clipboard) for (const button of document.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
  for (const box of document.querySelectorAll("[data-tick-all][hidden]")) box.hidden = false;
  if (document.querySelector("[data-bulk]")) count();
};
wake();
document.addEventListener("htmx:after:swap", wake);

// A row of tabs begins with the one that is open in sight.
for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
  const tabs = tab.closest(".tabs");
  tabs.scrollLeft = tab.offsetLeft + tab.offsetWidth - tabs.offsetLeft - tabs.clientWidth + 24;
}

// The next scan stands for itself, and is not written behind the last one. Browsers give the focus before or after this.
const alone = (field) => { if (field?.matches("[data-scan-field], [data-scan]")) field.select(); };
alone(document.activeElement);
document.addEventListener("focusin", (event) => { alone(event.target); });

const trouble = document.querySelector("[data-focus]");
if (trouble) trouble.focus();

// A notice is about what was just done: reloading the page does not say it again.
if (document.querySelector("[data-notice]")) {
  const here = new URL(location.href);
  here.searchParams.delete("notice");
  here.searchParams.delete("about");
  here.searchParams.delete("seal");
  history.replaceState(null, "", here);
}

// The camera reads codes where the browser can: what it finds goes where a scanner would have typed it.
const looking = new Set();
const look = async (button) => {
  const field = document.getElementById(button.dataset.camera);
  const place = document.querySelector(`[data-viewfinder="${button.dataset.camera}"]`);
  if (looking.delete(place)) return;
  looking.add(place);
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  let stream = null;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    video.srcObject = stream;
    place.replaceChildren(video);
    place.hidden = false;
    await video.play();
    const detector = new BarcodeDetector();
    while (looking.has(place)) {
      const [found] = await detector.detect(video);
      if (found) {
        field.value = found.rawValue;
        field.form.requestSubmit();
        break;
      }
      await new Promise((resume) => { setTimeout(resume, 150); });
    }
  } catch {
    button.hidden = true;
    field.focus();
  }
  looking.delete(place);
  if (stream) for (const track of stream.getTracks()) track.stop();
  place.hidden = true;
};
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-camera]");
  if (button) look(button);
});
if ("BarcodeDetector" in window && navigator.mediaDevices) {
  for (const button of document.querySelectorAll("[data-camera]")) button.hidden = false;
}
