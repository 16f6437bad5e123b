// Loads a part of a page in place of the whole page, for links and forms with data-part.

const policy = globalThis.trustedTypes?.createPolicy("console", { createHTML: (text) => text });

/** Parses HTML that this server has rendered; scripts in it do not run. */
export function parse(text) {
  const html = policy ? policy.createHTML(text) : text;
  return new DOMParser().parseFromString(html, "text/html").body;
}

/** Fetches one block of a page, which is named as in the template; null where the page must be loaded. */
export async function fetchPart(address, part, options = {}) {
  const headers = { ...options.headers, "x-part": part };
  const response = await fetch(address, { ...options, headers, redirect: "manual" });
  const type = response.headers.get("content-type") ?? "";
  return response.status === 200 && type.startsWith("text/html") ? parse(await response.text()) : null;
}

let running = null;

async function load(address, part, remember, shown) {
  const old = document.getElementById(part);
  running?.abort();
  const abort = new AbortController();
  running = abort;
  old.classList.add("is-loading");
  try {
    const fresh = (await fetchPart(address, part, { signal: abort.signal }))?.querySelector(`#${part}`);
    if (!fresh) {
      location.assign(address);
      return;
    }
    const hadFocus = old.contains(document.activeElement);
    old.replaceWith(fresh);
    shown(fresh);
    if (remember) history.pushState({ part }, "", address);
    for (const field of document.querySelectorAll('input[name="_back"]')) {
      field.value = location.pathname + location.search;
    }
    if (hadFocus) {
      fresh.tabIndex = -1;
      fresh.focus();
    }
    const count = fresh.querySelector(`#${part}-count`);
    const status = document.querySelector("#toasts");
    if (count && status) {
      const line = document.createElement("span");
      line.className = "hidden";
      line.textContent = count.textContent;
      status.replaceChildren(line);
    }
  } catch (failure) {
    if (failure.name !== "AbortError") location.assign(address);
  }
}

export function startParts(shown) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-part]");
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (link && plain && document.getElementById(link.dataset.part)) {
      event.preventDefault();
      load(link.href, link.dataset.part, true, shown);
    }
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("form[data-part]") && document.getElementById(form.dataset.part)) {
      event.preventDefault();
      const address = new URL(form.action);
      address.search = new URLSearchParams(new FormData(form, event.submitter)).toString();
      load(address.href, form.dataset.part, true, shown);
    }
  });
  addEventListener("popstate", (event) => {
    const part = event.state?.part ?? document.querySelector(".part")?.id;
    if (part && document.getElementById(part)) load(location.href, part, false, shown);
  });
}
