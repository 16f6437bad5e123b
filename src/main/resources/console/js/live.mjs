// Keeps the regions with data-live up to date, over one socket for each tab. Without it, or while it is paused, the
// page shows what the server rendered.
import { startCharts, updateChart } from "./chart.mjs";
import { fetchPart } from "./parts.mjs";

const HEARTBEAT_MS = 30_000;
const HIDDEN_MS = 10_000;
const RETRY_MS_MAX = 15_000;
const LINES_MAX = 2_000;
const SESSION_ENDED = 4001;

const regions = [...document.querySelectorAll("[data-live]")];
let socket = null;
let wanted = false;
let paused = false;
let failures = 0;
let timer = null;
let hiddenTimer = null;
let heartbeat = null;
let ref = 0;

const now = () => new Date().toISOString().slice(11, 19);

function say(text) {
  for (const line of document.querySelectorAll("[data-live-state]")) line.textContent = text;
}

async function ticket() {
  const token = document.querySelector('input[name="_csrf_token"]')?.value ?? "";
  const body = new URLSearchParams({ _csrf_token: token });
  const answer = await fetch("/admin/live/ticket", { method: "POST", body, redirect: "manual" });
  if (answer.status !== 200) throw new Error(`ticket: ${answer.status}`);
  return (await answer.json()).ticket;
}

function send(joinRef, topic, event, payload) {
  if (socket?.readyState === WebSocket.OPEN) {
    socket.send(JSON.stringify([joinRef, String(++ref), topic, event, payload]));
  }
}

async function connect() {
  clearTimeout(timer);
  timer = null;
  if (socket || paused) return;
  wanted = true;
  let opening;
  try {
    const query = new URLSearchParams({ vsn: "2.0.0", ticket: await ticket() });
    if (!wanted || socket) return;
    opening = new WebSocket(`${location.origin.replace(/^http/, "ws")}/admin/live/websocket?${query}`);
  } catch {
    retry();
    return;
  }
  socket = opening;
  opening.addEventListener("open", () => {
    failures = 0;
    regions.forEach((region, i) => {
      const from = JSON.parse(region.dataset.liveFrom ?? "{}");
      send(`r${i}`, `console:${region.dataset.live}`, "phx_join", { from });
    });
    heartbeat = setInterval(() => send(null, "phoenix", "heartbeat", {}), HEARTBEAT_MS);
  });
  opening.addEventListener("message", (event) => receive(JSON.parse(event.data)));
  opening.addEventListener("close", (event) => {
    clearInterval(heartbeat);
    if (socket === opening) socket = null;
    if (event.code === SESSION_ENDED) {
      wanted = false;
      say("Your session has ended or your rights have changed. Reload the page.");
    } else if (wanted) {
      retry();
    }
  });
}

function disconnect() {
  wanted = false;
  clearTimeout(timer);
  timer = null;
  const open = socket;
  socket = null;
  open?.close(1000);
}

function retry() {
  if (timer || !wanted) return;
  failures++;
  say(`Not live since ${now()}, trying again.`);
  const wait = Math.min(RETRY_MS_MAX, 500 * 2 ** failures) * (0.5 + Math.random() / 2);
  timer = setTimeout(connect, wait);
}

function receive([joinRef, , , event, payload]) {
  const region = regions[Number(joinRef?.slice(1))];
  if (!region) return;
  if (event === "phx_reply" && payload.status === "error") {
    const reasons = {
      forbidden: "Your role does not include this region.",
      too_many_viewers: "Too many viewers. Reload the page to see what is new.",
    };
    say(reasons[payload.response.reason] ?? "Not live. Reload the page to see what is new.");
  } else if (event === "phx_error") {
    send(joinRef, `console:${region.dataset.live}`, "phx_join", { from: JSON.parse(region.dataset.liveFrom ?? "{}") });
  } else if (event === "live") {
    show(region, payload);
    region.dataset.liveAt = now();
    say(`Live, ${region.dataset.liveAt}`);
  }
}

const calm = matchMedia("(prefers-reduced-motion: reduce)");

function show(region, message) {
  const { values = {}, charts = {}, parts = {}, lines = [] } = message;
  region.dispatchEvent(new CustomEvent("live-message", { detail: message }));
  for (const [key, text] of Object.entries(values)) {
    for (const shown of region.querySelectorAll(`[data-value="${CSS.escape(key)}"]`)) {
      if (shown.textContent === text) continue;
      shown.textContent = text;
      if (!calm.matches) {
        shown.classList.add("moved");
        setTimeout(() => shown.classList.remove("moved"), 600);
      }
    }
  }
  for (const [id, chart] of Object.entries(charts)) {
    const figure = region.querySelector(`#chart-${CSS.escape(id)}`);
    if (figure) updateChart(figure, chart);
  }
  for (const [part, version] of Object.entries(parts)) reload(region, part, version);
  append(region.querySelector("[data-live-lines]"), region, lines);
}

// The parts that are being loaded.
const loading = new Set();

/** Loads a part of the page again whose version has changed: one request at a time, the last for the latest version. */
async function reload(region, part, version) {
  const old = region.querySelector(`#${CSS.escape(part)}`);
  if (!old || old.dataset.partVersion === version || old.contains(document.activeElement)) return;
  old.dataset.partVersion = version;
  if (loading.has(part)) return;
  loading.add(part);
  // With the version, the server renders the part once for all who are told of it.
  const asOf = { headers: { "x-part-version": version } };
  const fresh = (await fetchPart(location.href, part, asOf).catch(() => null))?.querySelector(`#${CSS.escape(part)}`);
  loading.delete(part);
  const latest = old.dataset.partVersion;
  if (fresh) old.replaceWith(fresh);
  if (latest !== version) reload(region, part, latest);
}

function append(list, region, lines) {
  if (!list || lines.length === 0) return;
  const seen = JSON.parse(region.dataset.liveFrom ?? "{}");
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  const template = document.querySelector("#log-line").content.firstElementChild;
  for (const line of lines) {
    const id = `line-${line.node}-${line.seq}`;
    if (document.getElementById(id)) continue;
    seen[line.node] = Math.max(line.seq, seen[line.node] ?? 0);
    const row = template.cloneNode(true);
    row.id = id;
    row.classList.add(`level-${line.level}`);
    const [time, level, node, logger, text] = row.children;
    time.dateTime = line.at;
    time.title = line.at;
    time.textContent = line.time;
    level.textContent = line.level;
    node.textContent = line.node;
    logger.textContent = line.logger;
    logger.title = line.loggerName;
    text.textContent = line.text;
    if (line.request) {
      const link = document.createElement("a");
      link.href = `/admin/logs?level=debug&request=${encodeURIComponent(line.request)}`;
      link.setAttribute("aria-label", `All lines of request ${line.request}`);
      link.textContent = line.request;
      row.append(" ", link);
    }
    if (line.details) {
      const details = document.createElement("details");
      const stack = document.createElement("pre");
      stack.className = "code";
      stack.tabIndex = 0;
      stack.textContent = line.details;
      details.append(Object.assign(document.createElement("summary"), { textContent: "Stack" }), stack);
      row.append(details);
    }
    list.append(row);
  }
  region.dataset.liveFrom = JSON.stringify(seen);
  while (list.children.length > LINES_MAX) list.firstElementChild.remove();
  if (atEnd) list.scrollTop = list.scrollHeight;
}

function startPause() {
  for (const button of document.querySelectorAll("[data-live-pause]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      paused = !paused;
      for (const one of document.querySelectorAll("[data-live-pause]")) one.textContent = paused ? "Resume" : "Pause";
      if (paused) {
        disconnect();
        say(`Paused at ${now()}.`);
      } else {
        connect();
      }
    });
  }
}

document.addEventListener("visibilitychange", () => {
  clearTimeout(hiddenTimer);
  if (document.hidden) hiddenTimer = setTimeout(disconnect, HIDDEN_MS);
  else connect();
});

startCharts(document);
if (regions.length > 0) {
  startPause();
  const log = document.querySelector("[data-live-lines]");
  if (log) log.scrollTop = log.scrollHeight;
  connect();
}
