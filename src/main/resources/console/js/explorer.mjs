// The API explorer: sends the request of a form from the browser and shows the response. Tokens stay in this module.
const HISTORY = "explorer";
const HISTORY_MAX = 50;
const BODY_MAX = 256 * 1024;
const TOKEN_MARGIN_MS = 30_000;

const tokens = new Map();

/** A token of the admin or of a test player, made by the press that needs it. */
async function token(as) {
  const known = tokens.get(as);
  if (known && known.until > Date.now()) return known.text;
  const csrf = document.querySelector('#token input[name="_csrf_token"]').value;
  const address = as === "me" ? "/admin/explorer/token" : "/admin/test-players/token";
  const body = new URLSearchParams({ _csrf_token: csrf, number: as });
  const answer = await fetch(address, { method: "POST", body, redirect: "manual" });
  if (answer.status !== 200) throw new Error(`There is no token for that: ${answer.status || "sign in again"}.`);
  const made = await answer.json();
  tokens.set(as, { text: made.access_token, until: Date.now() + made.expires_in * 1000 - TOKEN_MARGIN_MS });
  return made.access_token;
}

const fieldsOf = (form) =>
  [...form.querySelectorAll("[data-type]")].map((input) => {
    const name = input.name || input.dataset.name;
    return { in: name[0], name: name.slice(2), type: input.dataset.type, value: input.value };
  });

function parsed({ type, value }) {
  if (type === "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** The path and the body that the form describes. */
function request(form) {
  let path = form.dataset.path;
  const query = new URLSearchParams();
  const body = {};
  for (const field of fieldsOf(form)) {
    if (field.in === "p" && path.includes(`{${field.name}}`)) {
      if (field.value === "") throw new Error(`A value for ${field.name} is missing.`);
      path = path.replace(`{${field.name}}`, encodeURIComponent(field.value));
    } else if (field.value !== "" && field.in === "q") {
      query.append(field.name, field.value);
    } else if (field.value !== "" && field.in === "b") {
      body[field.name] = parsed(field);
    }
  }
  const text = query.toString();
  return { path: text ? `${path}?${text}` : path, body };
}

function part(name) {
  return document.querySelector(`[data-answer="${name}"]`);
}

function pretty(text, type) {
  const cut = text.length > BODY_MAX ? `${text.slice(0, BODY_MAX)}\n… ${text.length} characters in all` : text;
  if (!type.includes("json") || text.length > BODY_MAX) return cut;
  // Numbers beyond 2^53 would change, so such a text stays as it came.
  if (/\d{16}/.test(text)) return cut;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return cut;
  }
}

function show({ status, time, headers = "", body = "", requestId }) {
  part("status").textContent = status;
  part("time").textContent = time;
  part("headers").textContent = headers;
  part("body").textContent = body;
  part("logs").hidden = !requestId;
  if (requestId) part("logs").href = `/admin/logs?level=debug&request=${encodeURIComponent(requestId)}`;
  document.querySelector("#answer").hidden = false;
}

/** Puts the values into the address, but those without a name: they are secrets. */
function remember(form) {
  const values = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value !== "") values.append(name, value);
  const address = `${location.pathname}?${values}`;
  history.replaceState(history.state, "", address);
  const entry = { at: Date.now(), text: `${form.dataset.method} ${form.dataset.path}`, address };
  const kept = load().filter((one) => one.address !== address);
  localStorage.setItem(HISTORY, JSON.stringify([entry, ...kept].slice(0, HISTORY_MAX)));
}

function load() {
  try {
    return JSON.parse(localStorage.getItem(HISTORY) ?? "[]");
  } catch {
    return [];
  }
}

async function send(form, button) {
  button.disabled = true;
  try {
    const { path, body } = request(form);
    const as = form.elements.as.value;
    const headers = { accept: "application/json" };
    if (as !== "nobody") headers.authorization = `Bearer ${await token(as)}`;
    const { method } = form.dataset;
    const options = { method, headers, credentials: "omit", redirect: "manual", cache: "no-store" };
    if ("bytes" in form.dataset) {
      headers["content-type"] = "application/octet-stream";
      options.body = form.querySelector("[data-file]").files[0];
    } else if (method !== "GET" && Object.keys(body).length > 0) {
      headers["content-type"] = "application/json";
      options.body = JSON.stringify(body);
    }
    const began = performance.now();
    const response = await fetch(path, options);
    const text = await response.text();
    const took = performance.now() - began;
    show({
      status: `${response.status} ${response.statusText}`,
      time: `${took.toFixed(0)} ms, ${text.length} characters`,
      headers: [...response.headers].map(([name, value]) => `${name}: ${value}`).join("\n"),
      body: pretty(text, response.headers.get("content-type") ?? ""),
      requestId: response.headers.get("x-request-id"),
    });
    remember(form);
  } catch (failure) {
    show({ status: "Not sent", time: failure.message });
  } finally {
    button.disabled = false;
  }
}

const form = document.querySelector("form[data-explorer]");
if (form) {
  const button = form.querySelector("[data-send]");
  button.hidden = false;
  button.addEventListener("click", () => send(form, button));
}

const sent = document.querySelector("[data-explorer-history]");
if (sent && load().length > 0) {
  for (const { text, address, at } of load()) {
    const link = document.createElement("a");
    link.href = String(address).startsWith("/admin/explorer/") ? address : "/admin/explorer";
    link.textContent = text;
    const line = document.createElement("li");
    line.append(link, ` ${new Date(at).toLocaleString()}`);
    sent.querySelector("ul").append(line);
  }
  sent.querySelector("button").addEventListener("click", () => {
    localStorage.removeItem(HISTORY);
    sent.hidden = true;
  });
  sent.hidden = false;
}
