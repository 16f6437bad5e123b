// The timeline of a match: what each seat saw at any revision, and a room that goes on from there.

import { element, get, onAction, post, say, shell } from "./server.js";

const PAGE_SIZE = 100;
const REVISIONS_MAX = 20_000;

const match = `/api/v1/admin/matches/${encodeURIComponent(shell.room)}`;
const slider = element("revision");
const seat = element("seat");
const steps = [];
let wanted = 0;
let reading = false;
let past = null;

load().catch((failure) => say(`Not possible: ${failure.message}.`));

async function load() {
  let next = 0;
  let last = 0;
  while (next !== null && steps.length < REVISIONS_MAX) {
    const page = await get(`${match}/timeline?after=${next}&page_size=${PAGE_SIZE}`);
    for (const { record, steps: own } of page.data) {
      for (const step of own) steps[step.revision] = { ...step, record };
    }
    last = page.revision;
    next = page.next;
  }
  slider.max = String(last);
  slider.value = String(last);
  element("timeline").hidden = false;
  await show();
}

/** Reads the revision of the slider; while one is read, only the newest wish counts. */
async function show() {
  wanted = slider.valueAsNumber;
  element("shown").textContent = String(wanted);
  if (reading) return;
  reading = true;
  try {
    while (past?.revision !== wanted) {
      past = (await get(`${match}/at/${wanted}`)).data;
    }
    render();
  } finally {
    reading = false;
  }
}

function render() {
  const chosen = seat.value || "public";
  const views = { public: past.public, ...past.players };
  seat.replaceChildren(
    ...Object.keys(views).map((name) => new Option(name === "public" ? "Spectators" : `Player ${name}`, name)),
  );
  seat.value = chosen in views ? chosen : "public";
  element("view").textContent = JSON.stringify(views[seat.value], null, 2);
  element("view").dataset.revision = past.revision;
  const step = steps[past.revision];
  const about = {
    Action: step ? JSON.stringify(step.record) : "The start of the match",
    Turn: past.position.turn,
    Phase: past.position.node,
    Result: past.result === null ? "none yet" : JSON.stringify(past.result),
    "State (SHA-256)": past.digest,
  };
  if (past.snapshots.some(({ same }) => !same)) about.Warning = "The log does not give the state that was stored.";
  const cells = Object.entries(about).flatMap(([name, value]) => [cell("dt", name), cell("dd", value)]);
  element("about").replaceChildren(...cells);
  say(`Revision ${past.revision} of ${slider.max}.`);
}

function cell(tag, text) {
  const made = document.createElement(tag);
  made.textContent = String(text);
  return made;
}

onAction("revision", "input", show);
onAction("seat", "change", () => render());
onAction("fork", "click", async () => {
  const { data } = await post(`${match}/fork`, { revision: past.revision });
  const link = element("forked");
  link.href = `/play/${encodeURIComponent(data.game_key)}/${encodeURIComponent(data.room_id)}`;
  link.textContent = `Room from revision ${data.revision}`;
  link.hidden = false;
  say("The room is open.");
});
