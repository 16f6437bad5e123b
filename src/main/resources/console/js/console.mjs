// Starts what a page of the console uses. Everything works without it: links, forms and pages are native.
import { startDialogs } from "./dialogs.mjs";
import { startKeys } from "./keys.mjs";
import { startPalette } from "./palette.mjs";
import { startParts } from "./parts.mjs";

const DAY_MS = 86_400_000;
const DRAFT = "draft ";
// The key of the draft of the form that was sent last.
const SENT = "sent draft";
const SECRET = ["password", "file"];
const UNITS = [
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
];

/** Shows times of the last day relative to now; the absolute time stays in the title. */
export function showTimes(root) {
  const relative = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto", style: "narrow" });
  for (const time of root.querySelectorAll("time[data-time]")) {
    const at = Date.parse(time.dateTime);
    if (Number.isNaN(at)) continue;
    time.title = `${new Date(at).toLocaleString(undefined, { timeZoneName: "short" })} (${time.dateTime})`;
    const distance = at - Date.now();
    if (Math.abs(distance) < DAY_MS) {
      const [unit, size] = UNITS.find(([, ms]) => Math.abs(distance) >= ms) ?? UNITS.at(-1);
      time.textContent = relative.format(Math.round(distance / size), unit);
    }
  }
}

/**
 * Keeps what was typed into a form until it is saved, and offers it back: also where the session had ended, or the
 * server was busy, when it was sent. Passwords are not kept, and nothing for the next admin in the same tab.
 */
function startDrafts() {
  const admin = document.querySelector("nav.account a")?.firstChild.textContent.trim();
  const own = `${DRAFT}${admin} `;
  if (admin) forgetDrafts((key) => !key.startsWith(own));
  const leave = document.querySelector('form[action="/admin/end-session"]');
  leave?.addEventListener("submit", () => forgetDrafts(() => true));
  const forms = [...document.querySelectorAll("form[data-draft]")];
  const keyOf = (form) => `${own}${location.pathname} ${form.getAttribute("action")}`;
  forgetSaved(forms.map(keyOf));
  let asked = null;
  let sending = null;
  // After the dialogs, which ask before some forms are sent.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const key = form.closest("#dialog") ? asked : forms.includes(form) ? keyOf(form) : null;
    if (event.defaultPrevented) {
      asked = key;
    } else if (key) {
      sending = key;
      sessionStorage.setItem(SENT, key);
    }
  });
  for (const form of forms) {
    const key = keyOf(form);
    const isKept = (field) => field.type !== "hidden" && !SECRET.includes(field.type);
    const isTyped = (field) => field.name && !field.name.startsWith("_") && isKept(field);
    const typed = () => [...form.elements].filter(isTyped);
    const property = (field) => (field.type === "checkbox" ? "checked" : "value");
    const state = () => JSON.stringify(typed().map((field) => field[property(field)]));
    const first = state();
    const kept = sessionStorage.getItem(key);
    if (kept && kept !== first) {
      const offer = document.createElement("p");
      offer.className = "alert";
      offer.append("There is an unsaved draft of this form. ");
      const restore = document.createElement("button");
      restore.type = "button";
      restore.className = "secondary";
      restore.textContent = "Restore it";
      restore.addEventListener("click", () => {
        const values = JSON.parse(kept);
        typed().forEach((field, i) => (field[property(field)] = values[i]));
        offer.remove();
      });
      offer.append(restore);
      form.before(offer);
    }
    form.addEventListener("input", () => sessionStorage.setItem(key, state()));
    addEventListener("beforeunload", (event) => {
      if (sending !== key && sessionStorage.getItem(key) && state() !== first) event.preventDefault();
    });
  }
}

function forgetDrafts(isForgotten) {
  Object.keys(sessionStorage)
    .filter((key) => key.startsWith(DRAFT) && isForgotten(key))
    .forEach((key) => sessionStorage.removeItem(key));
}

/** Forgets what was sent, unless this page is the form again, an error or part of a sign-in. */
function forgetSaved(shown) {
  const sent = sessionStorage.getItem(SENT);
  const saved = new URLSearchParams(location.search).has("done");
  const asks = document.querySelector("main .error") || !document.querySelector("#menu");
  if (sent && (saved || (!asks && !shown.includes(sent)))) {
    sessionStorage.removeItem(sent);
    sessionStorage.removeItem(SENT);
  }
}

/** Shift selects the rows between two boxes. */
function startSelection() {
  let last = null;
  document.addEventListener("click", (event) => {
    const box = event.target.closest?.("table[data-select] input[type=checkbox]");
    if (!box) return;
    const all = [...box.closest("table").querySelectorAll("input[type=checkbox]")];
    if (event.shiftKey && last && all.includes(last)) {
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
      all.slice(from, to + 1).forEach((one) => (one.checked = box.checked));
    }
    last = box;
  });
}

/** Says something to readers of the screen, and shows it. */
export function toast(text) {
  const line = document.createElement("p");
  line.className = "toast";
  line.textContent = text;
  document.querySelector("#toasts")?.replaceChildren(line);
}

/** Shows the buttons that copy, which are hidden where no script runs. */
function showCopyButtons(root) {
  for (const button of root.querySelectorAll("button[data-copy]")) button.hidden = false;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("button[data-copy]");
  const source = button && document.querySelector(button.dataset.copy);
  if (source) {
    await navigator.clipboard.writeText(source.textContent);
    toast("Copied.");
  }
});

startParts((root) => {
  showTimes(root);
  showCopyButtons(root);
});
startDialogs();
startPalette();
startKeys();
startDrafts();
startSelection();
if (document.querySelector("textarea[data-editor]")) {
  import("./editor.mjs").then(({ startEditors }) => startEditors(document));
}
showTimes(document);
showCopyButtons(document);
