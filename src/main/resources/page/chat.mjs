// Keeps the messages of a conversation up to date and sends new ones. Messages are rendered by the server; what is not
// sent yet stays on the page, is marked, and is sent once more with the same key when the line is back.
import { csrfToken, follow } from "./socket.mjs";

const FETCH_EVERY_MS = 400;
const RESEND_MS = 5_000;
const END_PX = 80;
const PAGE = 50;

const chat = document.querySelector("[data-chat]");
const list = document.querySelector("#messages");
const bar = document.querySelector("#new-messages");
const stateLine = document.querySelector("[data-live-state]");
const form = document.querySelector("form.composer");
// With the prefix of the language, if the address has one.
const path = form.getAttribute("action");
const past = "past" in chat.dataset;
const unsent = [];
let sending = false;
let waiting = null;
let fetching = false;
let again = false;
let resend = null;

const atEnd = () => document.documentElement.scrollHeight - scrollY - innerHeight < END_PX;
const toEnd = () => scrollTo({ top: document.documentElement.scrollHeight });

// The texts are in the language of the page.
const TEXTS = stateLine.dataset;

function parse(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

async function refresh() {
  if (document.hidden) return;
  if (fetching) {
    again = true;
    return;
  }
  fetching = true;
  try {
    const answer = await fetch(path, { headers: { "x-part": "messages" }, redirect: "manual" });
    if (answer.ok) show(parse(await answer.text()));
  } catch {
    // The line is lost; the socket says so, and asks again when it is back.
  } finally {
    fetching = false;
    if (again) {
      again = false;
      soon();
    }
  }
}

function soon() {
  waiting ??= setTimeout(() => {
    waiting = null;
    refresh();
  }, FETCH_EVERY_MS);
}

/** Takes over what is new, changed or gone, without moving what the reader looks at. */
function show(fresh) {
  const rows = [...fresh.querySelectorAll("#messages > li")];
  if (past) {
    bar.hidden = rows.length === 0 || document.getElementById(rows.at(-1).id) !== null;
    return;
  }
  const followEnd = atEnd();
  const ids = new Set(rows.map((row) => row.id));
  const oldest = rows[0];
  let added = 0;
  if (rows.length >= PAGE && !rows.some((row) => document.getElementById(row.id))) {
    // There is a gap before the oldest of them, which the link to older messages closes.
    list.replaceChildren(...list.querySelectorAll("li.unsent"));
  }
  for (const row of rows) {
    const shown = document.getElementById(row.id);
    if (!shown) {
      list.insertBefore(document.adoptNode(row), firstUnsent());
      if (!row.classList.contains("own")) added++;
    } else if (shown.dataset.version !== row.dataset.version && !shown.contains(document.activeElement)) {
      shown.replaceWith(document.adoptNode(row));
    }
  }
  const number = (row) => Number(row.id.slice(1));
  for (const shown of list.querySelectorAll("li.message:not(.unsent)")) {
    const inRange = !oldest || rows.length < PAGE || number(shown) >= number(oldest);
    if (inRange && !ids.has(shown.id)) shown.remove();
  }
  document.querySelector("[data-empty]")?.toggleAttribute("hidden", list.children.length > 0);
  if (followEnd) toEnd();
  else if (added > 0) bar.hidden = false;
}

const firstUnsent = () => list.querySelector("li.unsent");

/** Random; randomUUID() exists over HTTPS only. */
const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

function pending(text) {
  const row = document.createElement("li");
  row.className = "message own unsent";
  const by = Object.assign(document.createElement("p"), { className: "by muted", textContent: TEXTS.sending });
  const body = Object.assign(document.createElement("p"), { className: "text" });
  body.append(Object.assign(document.createElement("bdi"), { className: "lines", textContent: text }));
  row.append(by, body);
  list.append(row);
  return { row, by, text, key: newKey() };
}

/** Sends what waits, in its order. What cannot be sent now waits for the line. */
async function sendAll() {
  clearTimeout(resend);
  if (sending) return;
  sending = true;
  while (unsent.length > 0) {
    const next = unsent[0];
    next.by.textContent = TEXTS.sending;
    let answer;
    let html = null;
    try {
      answer = await fetch(path, {
        method: "POST",
        headers: { "x-part": "messages", "idempotency-key": next.key },
        body: new URLSearchParams({ _csrf_token: csrfToken(), content: next.text }),
        redirect: "manual",
      });
      if (answer.status >= 500) throw new Error(String(answer.status));
      if (answer.type !== "opaqueredirect") html = await answer.text();
    } catch {
      for (const one of unsent) one.by.textContent = TEXTS.unsent;
      resend = setTimeout(sendAll, RESEND_MS);
      break;
    }
    unsent.shift();
    next.row.remove();
    if (answer.ok) show(parse(html));
    else refused(next.text, html);
  }
  sending = false;
}

/** The text comes back to the form, unless the player has gone on writing. */
function refused(text, html) {
  const reason = html && parse(html).querySelector(".alert")?.textContent.trim();
  stateLine.textContent = reason || TEXTS.failed;
  const field = form.elements.content;
  field.value = field.value ? `${text}\n${field.value}` : text;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const field = form.elements.content;
  const text = field.value;
  if (!text.trim()) return;
  if (past) {
    form.submit();
    return;
  }
  stateLine.textContent = "";
  unsent.push(pending(text));
  field.value = "";
  field.focus();
  toEnd();
  sendAll();
});

form.elements.content.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});

addEventListener("online", sendAll);
addEventListener("beforeunload", (event) => {
  if (unsent.length > 0) event.preventDefault();
});
addEventListener("scroll", () => {
  if (!past && atEnd()) bar.hidden = true;
});
document.addEventListener("visibilitychange", () => document.hidden || refresh());

follow(list.dataset.live, {
  changed: soon,
  state: (state) => {
    stateLine.textContent = TEXTS[state] ?? "";
    if (state === "live") sendAll();
  },
});
if (!past && !location.hash.startsWith("#m")) toEnd();
