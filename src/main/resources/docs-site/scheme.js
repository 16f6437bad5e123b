// The colour scheme that was chosen, before the first paint. The style sheets follow the system by
// `prefers-color-scheme`; a choice switches those rules on or off, in the style sheet of a theme as well.
"use strict";
(() => {
  const KEY = "docs-colour-scheme";
  const root = document.documentElement;
  root.classList.add("script");

  const dark = [];
  for (const sheet of document.styleSheets) {
    for (const rule of sheet.cssRules) {
      if (rule instanceof CSSMediaRule && rule.media.mediaText.includes("prefers-color-scheme: dark")) {
        dark.push([rule, rule.media.mediaText]);
      }
    }
  }

  const apply = (scheme) => {
    for (const [rule, original] of dark) {
      rule.media.mediaText = { dark: "all", light: "not all" }[scheme] ?? original;
    }
    root.style.colorScheme = scheme || "light dark";
  };

  // Storage may be forbidden; the choice then lasts as long as the page.
  const read = () => {
    try {
      return localStorage.getItem(KEY) ?? "";
    } catch {
      return "";
    }
  };
  const write = (scheme) => {
    try {
      localStorage.setItem(KEY, scheme);
    } catch {
      // As above.
    }
  };

  apply(read());
  addEventListener("DOMContentLoaded", () => {
    const select = document.getElementById("docs-scheme");
    select.value = read();
    select.addEventListener("change", () => {
      apply(select.value);
      write(select.value);
    });
  });
})();
