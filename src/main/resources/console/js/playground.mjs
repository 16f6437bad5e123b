// Client panes side by side: each is a test player on one wire, whose line can be dropped and taken up again.
import { canReadSlowly, openLine, request, WIRES } from "./wires.mjs";

const PANES_MAX = 4;
const FRAMES_MAX = 300;
const STEPS_MAX = 100;
const REQUEST = /^(GET|POST|PUT|PATCH|DELETE) (\/\S+)\s*([^]*)$/;

const island = document.querySelector("[data-playground]");
const template = document.querySelector("#pane");
const panes = [];

class Pane {
  constructor(index) {
    this.index = index;
    this.opening = false;
    this.steps = [];
    this.place = "";
    this.element = template.content.firstElementChild.cloneNode(true);
    this.element.setAttribute("aria-label", `Client ${index}`);
    for (const part of ["wire", "place", "templates", "frame", "slow", "latency", "resume"]) {
      this[`${part}Field`] = this.element.querySelector(`[name="${part}"]`);
    }
    for (const name of ["name", "state", "position", "frames", "code", "placeLabel", "see"]) {
      this[`${name}Part`] = this.element.querySelector(`.pane-${name}`);
    }
    this.namePart.textContent = `Client ${index}`;
    this.framesPart.setAttribute("aria-label", `Frames of client ${index}`);
    for (const [key, wire] of Object.entries(WIRES)) this.wireField.append(new Option(wire.label, key));
    if (!canReadSlowly) this.slowField.closest("label").hidden = true;
    this.placeField.addEventListener("input", () => {
      this.place = this.placeField.value.trim();
      this.offerTemplates();
    });
    this.wireField.addEventListener("change", () => this.chooseWire());
    this.templatesField.addEventListener("change", () => (this.frameField.value = this.templatesField.value));
    this.buttons = {};
    for (const button of this.element.querySelectorAll("button")) {
      this.buttons[button.name] = button;
      button.addEventListener("click", () => this[button.name]().catch((failure) => this.fail(failure)));
    }
    this.element.querySelector("details").addEventListener("toggle", () => this.showCode());
    this.chooseWire();
  }

  get wire() {
    return WIRES[this.wireField.value];
  }

  get latency() {
    return Math.min(10_000, Math.max(0, Number(this.latencyField.value) || 0));
  }

  chooseWire() {
    const line = this.line;
    this.end();
    line?.close();
    this.position = undefined;
    this.dropped = false;
    this.steps = [];
    this.framesPart.replaceChildren();
    this.placeLabelPart.textContent = this.wire.placeLabel;
    this.setPlace(this.player ? this.wire.place(this) : "");
    this.say("Not connected.");
  }

  setPlace(place) {
    this.place = place;
    this.placeField.value = place;
    this.offerTemplates();
  }

  offerTemplates() {
    const offered = this.player ? this.wire.templates(this) : [];
    this.templatesField.replaceChildren(new Option("Choose a template", ""));
    for (const [label, text] of offered) this.templatesField.append(new Option(label, text));
    const topic = this.wireField.value === "phoenix" ? this.place.replace(/^user:/, "player:") : "";
    this.seePart.hidden = topic === "" || !island.dataset.playground.includes("streams");
    this.seePart.href = `/admin/streams?topic=${encodeURIComponent(topic)}`;
  }

  say(text) {
    this.statePart.textContent = text;
    const open = this.opening || this.line !== undefined;
    this.buttons.connect.disabled = open || !this.player;
    this.buttons.drop.disabled = !open;
    this.buttons.back.disabled = open || !this.dropped;
    this.buttons.sendFrame.disabled = !this.player;
    this.positionPart.textContent = this.position ? `offset ${this.position.offset}` : "no position";
  }

  fail(failure) {
    this.note("!", failure.message);
    this.say(failure.message);
  }

  step(...lines) {
    this.steps.push(...lines);
    if (this.steps.length > STEPS_MAX) this.steps.splice(0, this.steps.length - STEPS_MAX);
    this.showCode();
  }

  showCode() {
    this.codePart.textContent = this.steps.join("\n");
  }

  /** Signs in as the test player with the number of the pane, for 15 minutes. */
  async signIn() {
    const csrf = document.querySelector('input[name="_csrf_token"]').value;
    const body = new URLSearchParams({ _csrf_token: csrf, number: String(this.index) });
    const answer = await fetch(island.dataset.playground.split(" ")[0], { method: "POST", body, redirect: "manual" });
    if (answer.status !== 200) throw new Error(`No test player: ${answer.status}. This needs players.test.`);
    this.player = await answer.json();
    this.token = this.player.access_token;
    this.namePart.textContent = `Client ${this.index}: ${this.player.display_name}`;
    if (!this.place) this.setPlace(this.wire.place(this));
    this.offerTemplates();
    this.say("Signed in.");
  }

  async connect() {
    this.position = undefined;
    await this.open(false);
    this.step(`const token = "…"; // of ${this.player.display_name}, player ${this.player.user_id}`, ...this.wire.code(this));
  }

  async back() {
    const resume = this.resumeField.checked;
    if (!resume) this.position = undefined;
    await this.open(resume);
    this.step(resume ? "// the client connects again, with the last position" : "// the client begins anew");
  }

  async drop() {
    const line = this.line;
    this.end();
    this.dropped = true;
    line.close();
    this.note("!", "the line is dropped");
    this.step(`${this.wireField.value === "phoenix" ? "socket.conn" : "socket"}.close(3000); // the connection breaks`);
    this.say("Dropped.");
  }

  async open(resume) {
    const wire = this.wire;
    this.opening = true;
    this.say("Connecting.");
    let url;
    try {
      url = await wire.url(this);
    } finally {
      this.opening = false;
    }
    if (this.wire !== wire) throw new Error("Another wire was chosen meanwhile.");
    this.outDue = 0;
    this.inDue = 0;
    const opened = new Promise((resolve, reject) => {
      const line = openLine(url, this.slowField.checked, {
        open: () => {
          this.say("Connected.");
          this.wire.opened(this, resume);
          resolve();
        },
        text: (text) => this.later("inDue", () => this.line === line && this.receive(text)),
        closed: (code, reason) => {
          reject(new Error(`closed with ${code} ${reason}`));
          if (this.line !== line) return;
          this.end();
          this.dropped = true;
          this.note("!", `closed with ${code} ${reason}`);
          this.say(`Closed with ${code} ${reason}`);
        },
      });
      this.line = line;
    });
    this.say("Connecting.");
    await opened;
  }

  end() {
    clearInterval(this.heartbeat);
    this.line = undefined;
  }

  /** Delays by the latency, and never lets a later frame overtake an earlier one. */
  later(direction, action) {
    const now = performance.now();
    this[direction] = Math.max(this[direction], now + this.latency);
    const wait = this[direction] - now;
    if (wait < 1) action();
    else setTimeout(action, wait);
  }

  send(text, quiet = false) {
    const line = this.line;
    if (!line) return;
    this.wire.sending?.(this, text);
    if (!quiet) this.note("→", text);
    this.later("outDue", () => this.line === line && line.send(text));
  }

  receive(text) {
    if (typeof text !== "string") {
      this.note("←", `binary, ${text.byteLength} bytes`);
      return;
    }
    const read = this.wire.read(this, text);
    if (read) this.note("←", text, read);
    this.say("Connected.");
  }

  async sendFrame() {
    const text = this.frameField.value.trim();
    if (!text) return;
    const [, method, path, body] = REQUEST.exec(text) ?? [];
    if (!method) {
      this.send(text);
      this.step(`socket.send(${JSON.stringify(text)});`);
      return;
    }
    await this.ask(method, path, body || undefined);
  }

  async ask(method, path, body) {
    this.note("→", `${method} ${path} ${body ?? ""}`);
    const answer = await request(method, path, this.token, body);
    this.note("←", answer.text, { title: `${method} ${answer.status}` });
    this.step(
      `await fetch(${JSON.stringify(path)}, { method: "${method}", headers${body ? `, body: ${JSON.stringify(body)}` : ""} });`,
    );
    if (answer.ok && method === "POST" && path === "/api/v1/lobbies" && this.wire === WIRES.phoenix) {
      this.setPlace(`lobby:${answer.body.id}`);
    }
    return answer;
  }

  note(direction, text, { title = "", note = "", offset } = {}) {
    const atEnd = this.framesPart.scrollHeight - this.framesPart.scrollTop - this.framesPart.clientHeight < 40;
    const line = document.createElement("li");
    line.className = "log-line";
    const head = document.createElement("b");
    head.textContent = `${direction} ${offset === undefined ? "" : `${offset} `}${title} ${note} `;
    const frame = document.createElement("code");
    frame.dir = "ltr";
    frame.textContent = text.length > 2_000 ? `${text.slice(0, 2_000)}…` : text;
    line.append(head, frame);
    this.framesPart.append(line);
    while (this.framesPart.children.length > FRAMES_MAX) this.framesPart.firstElementChild.remove();
    if (atEnd) this.framesPart.scrollTop = this.framesPart.scrollHeight;
  }
}

function add() {
  if (panes.length === PANES_MAX) return;
  const pane = new Pane(panes.length + 1);
  panes.push(pane);
  island.append(pane.element);
  addButton.disabled = panes.length === PANES_MAX;
}

/** Two players in one lobby, both connected with positions. */
async function demo() {
  const [ann, ben] = panes;
  await ann.signIn();
  await ben.signIn();
  // What an earlier demo left behind.
  for (const pane of panes) {
    const { body } = await request("GET", "/api/v1/me", pane.token);
    if (body?.lobby_id > 0) await request("POST", "/api/v1/lobbies/leave", pane.token, "{}");
  }
  const created = await ann.ask("POST", "/api/v1/lobbies", '{"title": "Demo"}');
  if (!created.ok) throw new Error(`No lobby: ${created.status} ${created.text}`);
  ben.setPlace(ann.place);
  await ben.ask("POST", `/api/v1/lobbies/${created.body.id}/join`, "{}");
  for (const pane of panes) {
    await pane.connect();
    pane.frameField.value = pane.wire.templates(pane)[2][1];
  }
}

const addButton = document.querySelector("#add-pane");
addButton.hidden = false;
addButton.addEventListener("click", add);
add();
add();
if (new URLSearchParams(location.search).has("demo")) demo().catch((failure) => panes[0].fail(failure));
