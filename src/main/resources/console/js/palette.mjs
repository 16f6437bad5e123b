// The command palette: the search page in a dialog, opened by Ctrl+K or Cmd+K.
import { fetchPart } from "./parts.mjs";

const AFTER_TYPING_MS = 150;

function create(dialog) {
  const form = document.createElement("form");
  form.method = "get";
  form.action = "/admin/search";
  const input = document.createElement("input");
  input.type = "search";
  input.name = "q";
  input.autocomplete = "off";
  input.placeholder = "A player id, name or email, a lobby, a page";
  input.setAttribute("aria-label", "Search the console");
  const results = document.createElement("div");
  form.append(input);
  dialog.replaceChildren(form, results);
  let timer = 0;
  let asked = 0;
  const show = async () => {
    const number = ++asked;
    const found = await fetchPart(`/admin/search?q=${encodeURIComponent(input.value)}`, "results");
    if (found && number === asked) results.replaceChildren(...found.childNodes);
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, AFTER_TYPING_MS);
  });
  dialog.addEventListener("keydown", (event) => {
    const links = [...results.querySelectorAll("a")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && links.length > 0) {
      event.preventDefault();
      const at = links.indexOf(document.activeElement) + step;
      (at < 0 ? input : links[Math.min(at, links.length - 1)]).focus();
    } else if (event.key === "Enter" && document.activeElement === input && links.length > 0) {
      event.preventDefault();
      links[0].click();
    }
  });
  show();
  return input;
}

export function startPalette() {
  const dialog = document.querySelector("#palette");
  if (!dialog) return;
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey) {
      event.preventDefault();
      if (!dialog.open) {
        const input = create(dialog);
        dialog.showModal();
        input.focus();
      }
    }
  });
}
