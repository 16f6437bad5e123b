// Asks before an action in a dialog; without script the same question is a page.
import { fetchPart } from "./parts.mjs";

async function ask(form, button) {
  const dialog = document.querySelector("#dialog");
  const address = button.getAttribute("formaction") ?? form.action;
  const body = new URLSearchParams(new FormData(form, button));
  const asked = await fetchPart(address, "dialog", { method: "POST", body });
  const question = asked?.querySelector("section");
  if (!question) {
    // What the server wants to say instead is a page.
    submitWithout(form, button);
    return;
  }
  dialog.replaceChildren(question);
  question.querySelector("a.cancel")?.addEventListener("click", (event) => {
    event.preventDefault();
    dialog.close();
  });
  dialog.addEventListener("close", () => button.focus(), { once: true });
  dialog.showModal();
  (question.querySelector("input:not([type=hidden])") ?? question.querySelector("a.cancel"))?.focus();
}

function submitWithout(form, button) {
  button.removeAttribute("data-confirm");
  form.requestSubmit(button);
}

export function startDialogs() {
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button?.matches("button[data-confirm]") && document.querySelector("#dialog")) {
      event.preventDefault();
      ask(event.target, button).catch(() => submitWithout(event.target, button));
    }
  });
}
