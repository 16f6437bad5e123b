// The revisions of a match: the slider, the buttons beside it and their keys load the moment in place, and Play goes
// through them. Without it the same form loads the page.
import { showTimes } from "./console.mjs";
import { fetchPart } from "./parts.mjs";

const PART = "moment";
const STEP_MS = 1_000;

const form = document.querySelector("form[data-timeline]");
const slider = form.elements.at;
const shown = form.querySelector("output");
const head = form.querySelector('[data-value="revision"]');
const replay = form.querySelector(".replay");
const [play, speed] = [replay.querySelector("button"), replay.querySelector("select")];
let current = slider.valueAsNumber;
let seat = form.elements.seat?.value;
let loading = false;
let timer = null;

const last = () => Number(slider.max);

function address() {
  const to = new URL(form.action);
  to.searchParams.set("at", slider.value);
  if (form.elements.seat) to.searchParams.set("seat", form.elements.seat.value);
  return to.href;
}

/** Loads the revision of the slider; while one is loaded, only the newest wish counts. */
async function show() {
  shown.value = slider.value;
  if (loading) return;
  loading = true;
  try {
    while (current !== slider.valueAsNumber || seat !== form.elements.seat?.value) {
      const [at, view] = [slider.valueAsNumber, form.elements.seat?.value];
      const to = address();
      const fresh = (await fetchPart(to, PART))?.querySelector(`#${PART}`);
      if (!fresh) {
        location.assign(to);
        return;
      }
      document.getElementById(PART).replaceWith(fresh);
      showTimes(fresh);
      history.replaceState(null, "", to);
      [current, seat] = [at, view];
    }
  } catch {
    location.assign(address());
  } finally {
    loading = false;
  }
}

function go(to) {
  slider.value = String(Math.max(0, Math.min(last(), to)));
  show();
}

function stop() {
  clearInterval(timer);
  timer = null;
  play.textContent = "Play";
}

function start() {
  if (slider.valueAsNumber >= last()) slider.value = "0";
  play.textContent = "Stop";
  timer = setInterval(() => {
    if (loading) return;
    if (slider.valueAsNumber >= last()) stop();
    else go(slider.valueAsNumber + 1);
  }, STEP_MS / Number(speed.value));
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  stop();
  const targets = { first: 0, previous: slider.valueAsNumber - 1, next: slider.valueAsNumber + 1, last: last() };
  go(targets[event.submitter?.value] ?? slider.valueAsNumber);
});
slider.addEventListener("input", () => {
  stop();
  show();
});
form.elements.seat?.addEventListener("change", show);
play.addEventListener("click", () => (timer ? stop() : start()));
speed.addEventListener("change", () => {
  if (timer) {
    stop();
    start();
  }
});
replay.hidden = false;

// The match goes on meanwhile: a page at its latest revision stays there.
new MutationObserver(() => {
  const atEnd = slider.valueAsNumber >= last() && !new URL(location.href).searchParams.has("at");
  slider.max = head.textContent;
  if (atEnd) {
    slider.value = head.textContent;
    shown.value = slider.value;
    current = slider.valueAsNumber;
  }
}).observe(head, { childList: true, characterData: true, subtree: true });
