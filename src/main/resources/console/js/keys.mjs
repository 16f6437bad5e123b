// Keyboard shortcuts. They stand in the page as data-key, never act in fields, and "?" lists them.

const OFF = "console shortcuts off";
const SEQUENCE_WITHIN_MS = 1_500;

const FIELDS = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";
const inField = (element) => element?.matches?.(FIELDS);

function rows() {
  return [...document.querySelectorAll("table.list tbody tr")];
}

function moveRow(step) {
  const all = rows();
  const at = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[Math.max(0, Math.min(all.length - 1, at + step))];
  next?.querySelector("a, button, input")?.focus();
}

function showSheet() {
  const sheet = document.querySelector("#shortcuts");
  if (!sheet || sheet.open) return;
  const title = document.createElement("h2");
  title.id = "shortcuts-title";
  title.textContent = "Keyboard shortcuts";
  const list = document.createElement("dl");
  list.className = "facts";
  const add = (keys, text) => {
    const line = document.createElement("div");
    const name = document.createElement("dt");
    for (const key of keys.split(" ")) {
      const cap = document.createElement("kbd");
      cap.textContent = key;
      name.append(cap, " ");
    }
    const meaning = document.createElement("dd");
    meaning.textContent = text;
    line.append(name, meaning);
    list.append(line);
  };
  add("Ctrl+K", "Search");
  add("j k", "Next and previous row");
  add("x", "Select the row");
  for (const one of document.querySelectorAll("[data-key]")) {
    add(one.dataset.key, one.labels?.[0]?.textContent ?? one.textContent.trim());
  }
  const toggle = document.createElement("button");
  toggle.type = "button";
  toggle.className = "secondary";
  const label = () => (toggle.textContent = localStorage.getItem(OFF) ? "Turn single keys on" : "Turn single keys off");
  toggle.addEventListener("click", () => {
    localStorage.getItem(OFF) ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1");
    label();
  });
  label();
  sheet.replaceChildren(title, list, toggle);
  sheet.showModal();
}

export function startKeys() {
  let before = "";
  let at = 0;
  document.addEventListener("keydown", (event) => {
    const held = event.ctrlKey || event.metaKey || event.altKey;
    if (held || inField(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "?") {
      showSheet();
      return;
    }
    if (localStorage.getItem(OFF)) return;
    const sequence = Date.now() - at < SEQUENCE_WITHIN_MS && before ? `${before} ${event.key}` : event.key;
    before = event.key === "g" ? "g" : "";
    at = Date.now();
    if (sequence === "j" || sequence === "k") {
      moveRow(sequence === "j" ? 1 : -1);
      return;
    }
    if (sequence === "x") {
      document.activeElement?.closest?.("tr")?.querySelector("input[type=checkbox]")?.click();
      return;
    }
    const target = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === sequence);
    if (target) {
      event.preventDefault();
      target.matches("input") ? target.focus() : target.click();
    }
  });
}
