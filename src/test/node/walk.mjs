// Shows pages in a real browser to each of their visitors: the roles of the console, a player, and somebody who is not
// signed in. The first visitor of a page sees it in two views that differ in all, and without script; the others see it
// in the other views. What has been checked in a view, because another page is made of it too, is not checked again.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { cookiesOf, launch } from "./browser.mjs";
import { run } from "./client.mjs";
import { checkAccessibility, checkFocus, checkPointer, checkWidth } from "./page-checks.mjs";

const WITHIN_MS = 60_000;
const PHONE = { width: 360, height: 740, deviceScaleFactor: 1, mobile: true };
const DESKTOP = { width: 1280, height: 900, deviceScaleFactor: 1, mobile: false };
// Of two each, which differ in all.
const VIEWS = [
  { name: "desktop light ltr", size: DESKTOP, scheme: "light", direction: "ltr" },
  { name: "phone dark rtl", size: PHONE, scheme: "dark", direction: "rtl" },
  { name: "phone light ltr", size: PHONE, scheme: "light", direction: "ltr" },
  { name: "desktop dark rtl", size: DESKTOP, scheme: "dark", direction: "rtl" },
];
// Games, clients of the realtime protocols, and passkeys: what needs script is not shown without it.
const BY_SCRIPT = /^\/(play\/(?!lobbies)|admin\/(playground|factor))/;
const ENGLISH = /^\/(admin|dev)\b/;
const TABS = 2;

run(async (base, executablePath, userDataDir, planFile) => {
  const plan = JSON.parse(readFileSync(planFile, "utf8"));
  const browser = await launch(executablePath, userDataDir);
  const problems = [];
  const shapes = new Set();
  try {
    for (const [index, visitor] of plan.visitors.entries()) {
      const began = Date.now();
      const visits = plan.pages.flatMap((page, turn) => visitsOf(page, turn, index));
      const walk = new Walk(base, visitor, shapes, problems);
      await walk.run(browser, visits);
      console.log(`${visitor.name}: ${visits.length} pages in ${((Date.now() - began) / 1000).toFixed(1)} s`);
    }
    assert.deepEqual(problems, []);
  } finally {
    await browser.close();
  }
});

/** How a visitor sees a page, if they do. */
function visitsOf({ path, visitors }, turn, visitor) {
  const place = visitors.indexOf(visitor);
  const first = 2 * turn;
  const views = (place === 0 ? [first, first + 1] : [first + 1 + place]).map((one) => VIEWS[one % VIEWS.length]);
  return place === -1 ? [] : [{ path, views, isFirst: place === 0 }];
}

/** The way of one visitor through the pages. */
class Walk {
  // The views in which what surrounds the content has been checked.
  #framed = new Set();

  constructor(base, visitor, shapes, problems) {
    this.base = base;
    this.visitor = visitor;
    this.shapes = shapes;
    this.problems = problems;
  }

  async run(browser, visits) {
    const waiting = [...visits];
    await Promise.all(Array.from({ length: TABS }, () => this.#visitAll(browser, waiting)));
  }

  async #visitAll(browser, waiting) {
    const tab = await this.#open(browser, true);
    const plain = waiting.some((one) => one.isFirst) ? await this.#open(browser, false) : null;
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const found = await this.#visit(tab, next);
      if (next.isFirst && found) await this.#visitWithoutScript(plain, next.path, found, tab);
    }
    await Promise.all([tab, plain].map((one) => one?.page.browserContext().close()));
  }

  /** Opens a tab in a window of its own: a tab behind another draws nothing. */
  async #open(browser, script) {
    const context = await browser.createBrowserContext();
    if (this.visitor.cookies) await context.setCookie(...cookiesOf(this.visitor.cookies));
    const page = await context.newPage();
    page.setDefaultTimeout(WITHIN_MS);
    await page.emulateFocusedPage(true);
    await page.setJavaScriptEnabled(script);
    const client = await page.createCDPSession();
    page.on("console", (line) => {
      // The status of the page itself is looked at.
      const isStatus = line.location().url === page.url();
      if (["error", "warn"].includes(line.type()) && !isStatus) this.#report(page, line.text());
    });
    page.on("pageerror", (error) => this.#report(page, String(error)));
    page.on("dialog", (dialog) => {
      this.#report(page, `asks "${dialog.type()}" although nothing was typed`);
      return dialog.accept();
    });
    return { page, client, view: null };
  }

  #report(page, text) {
    this.problems.push(`${this.visitor.name} at ${page.url().slice(this.base.length)}: ${text}`);
  }

  /** Returns what the page holds. */
  async #visit(tab, { path, views, isFirst }) {
    const { page } = tab;
    await show(tab, views[0]);
    if (!(await this.#load(page, path))) return null;
    const found = await page.evaluate(read);
    if (found.headings.length === 0 || found.text === "") this.#report(page, "blank");
    for (const view of views) {
      const report = (text) => this.#report(page, `${view.name}: ${text}`);
      await show(tab, view);
      await page.waitForFunction(isAsWide, {}, view.size.width);
      if (view.direction === "rtl") await this.#turn(page, path, report);
      await checkWidth(page, view.size.width, report);
      const isNew = this.#addShapes(path, view, found.shapes);
      if (!isNew && !isFirst) continue;
      const isFramed = this.#framed.has(view);
      this.#framed.add(view);
      await checkFocus(tab, isFramed, report);
      if (!isNew && view !== views[0]) continue;
      await checkPointer(page, report);
      await checkAccessibility(page, isFramed, report);
    }
    return found;
  }

  async #load(page, path) {
    const status = (await page.goto(this.base + path)).status();
    if (status !== 200) this.#report(page, `${path} answers ${status}`);
    return status === 200;
  }

  /** Remembers what a page is made of, and returns whether some of it has not been seen in this view. */
  #addShapes(path, view, shapes) {
    const before = this.shapes.size;
    const language = ENGLISH.test(path) ? "" : view.direction;
    shapes.forEach((shape) => this.shapes.add(`${view.name} ${language} ${shape}`));
    return this.shapes.size > before;
  }

  /** Turns the page from right to left: in Arabic where there is such a page, else as it is. */
  async #turn(page, path, report) {
    if (ENGLISH.test(path)) {
      await page.evaluate(() => (document.documentElement.dir = "rtl"));
      return;
    }
    if (!(await this.#load(page, `/ar${path}`))) return;
    const shown = await page.evaluate(() => `${document.documentElement.lang} ${document.documentElement.dir}`);
    if (shown !== "ar rtl") report(`is ${shown}`);
  }

  /** Without script the page has the same headings, fields and actions, and no button that does nothing. */
  async #visitWithoutScript(tab, path, withScript, scripted) {
    const { page } = tab;
    await show(tab, VIEWS[2]);
    if (!(await this.#load(page, path))) return;
    const report = (text) => this.#report(page, `without script: ${text}`);
    await checkWidth(page, PHONE.width, report);
    const found = await page.evaluate(read);
    for (const button of found.dead) report(`does nothing: ${button}`);
    if (BY_SCRIPT.test(path)) return;
    if (missing(withScript, found).length === 0 || !(await this.#load(scripted.page, path))) return;
    // What the page offers may have changed meanwhile: a step of the checklist is done, say.
    missing(await scripted.page.evaluate(read), found).forEach(report);
  }
}

/** What a page has with script and lacks without. */
function missing(withScript, without) {
  return ["headings", "fields", "actions"].flatMap((what) => {
    const lacks = withScript[what].filter((one) => !without[what].includes(one));
    return lacks.length > 0 ? [`lacks ${what}: ${lacks.join(", ")}`] : [];
  });
}

/** Shows this page and the next ones in another way. Puppeteer would load the page again for a phone. */
async function show(tab, view) {
  if (tab.view === view) return;
  tab.view = view;
  await tab.client.send("Emulation.setDeviceMetricsOverride", view.size);
  await tab.client.send("Emulation.setEmulatedMedia", {
    features: [
      { name: "prefers-color-scheme", value: view.scheme },
      { name: "prefers-reduced-motion", value: "reduce" },
    ],
  });
}

/** Runs in the page: whether it has been laid out for this width, but for the bar that scrolls it. */
function isAsWide(width) {
  return Math.abs(document.documentElement.clientWidth - width) < 20;
}

/** Runs in the page: what it says and offers. */
function read() {
  const main = document.querySelector("main");
  const shown = (one) => one.checkVisibility({ visibilityProperty: true });
  const all = (selector) => [...main.querySelectorAll(selector)];
  // Which things a list shows may change meanwhile.
  const route = (address) => new URL(address, location.href).pathname.replace(/[^/]*\d[^/]*/g, "#");
  const role = (one) => one.getAttribute("role") ?? one.type ?? "";
  const kind = (one) => `${one.tagName}.${[...one.classList].sort().join(".")}[${role(one)}]`;
  const action = (one) => one.getAttribute("formaction") ?? one.form.getAttribute("action") ?? "";
  const buttons = all("button");
  const submits = buttons.filter((one) => one.type === "submit" && one.form);
  return {
    headings: all("h1, h2, h3").filter(shown).map((one) => one.textContent.trim()),
    text: [...main.children].filter((one) => !one.querySelector("h1")).map((one) => one.textContent.trim()).join(""),
    fields: all("[name]:is(input, select, textarea)").filter(shown).map((one) => one.name),
    actions: [
      ...all("a[href]").map((one) => `GET ${route(one.href)}`),
      ...submits.map((one) => `${one.form.method} ${route(action(one))}`),
    ],
    shapes: all("*:not(svg *)").map((one) => `${kind(one.parentElement)}>${kind(one)}`),
    dead: buttons.filter((one) => shown(one) && !submits.includes(one)).map((one) => one.outerHTML.slice(0, 120)),
  };
}
