// The documentation in a real browser: a reader searches, follows a result, copies an example, chooses a colour
// scheme, and opens the list of pages on a phone.
import assert from "node:assert/strict";
import { DESKTOP, PHONE, checkLayout, colours, launch, open } from "./browser.mjs";
import { run } from "./client.mjs";

run(async (base, executablePath, userDataDir) => {
  const browser = await launch(executablePath, userDataDir);
  try {
    const bad = [];
    await browser.defaultBrowserContext().overridePermissions(base, ["clipboard-read", "clipboard-write"]);
    const page = await open(browser, `${base}/docs`, bad);
    for (const path of ["/docs", "/docs/first-client", "/docs/configuration", "/docs/writing-documentation"]) {
      await page.goto(base + path);
      await checkLayout(page);
    }
    await search(page, base);
    await copy(page, base);
    await scheme(page, base);
    await menu(page, base);
    assert.deepEqual(bad, []);
    const missing = await page.goto(`${base}/docs/nothing`);
    assert.equal(missing.status(), 404);
    await checkLayout(page);
  } finally {
    await browser.close();
  }
});

const value = (page, selector) => page.$eval(selector, (one) => one.textContent);

async function search(page, base) {
  await page.goto(`${base}/docs`);
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => document.activeElement.id), "docs-query");
  await page.keyboard.type("statementtimeout");
  await page.waitForSelector("#docs-results li");
  assert.match(await value(page, "#docs-results li .name"), /^Configuration › store$/);
  assert.match(await value(page, "#docs-results li .excerpt mark"), /^statementTimeout$/);
  assert.match(await value(page, "#docs-count"), /result/);

  // Words in any order, and only passages with all of them.
  await retype(page, "resume channel");
  const hits = await page.$$eval("#docs-results li", (items) => items.map((one) => one.textContent.toLowerCase()));
  assert.ok(hits.length > 0);

  await retype(page, "<img src=x>");
  await page.waitForFunction(() => document.getElementById("docs-count").textContent === "Nothing found");

  await retype(page, "first client");
  await page.waitForFunction(() => document.querySelector("#docs-results .name")?.textContent === "First client");
  await page.keyboard.press("ArrowDown");
  assert.equal(
    await page.$eval("#docs-query", (one) => one.getAttribute("aria-activedescendant")),
    await page.$eval('#docs-results [aria-selected="true"]', (one) => one.id),
  );
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  assert.equal(new URL(page.url()).pathname, "/docs/first-client");

  await page.keyboard.press("/");
  await page.keyboard.type("lobby");
  await page.waitForSelector("#docs-results li");
  await page.keyboard.press("Escape");
  assert.equal(await page.$eval("#docs-found", (one) => one.hidden), true);
}

async function retype(page, words) {
  await page.$eval("#docs-query", (input) => input.select());
  await page.keyboard.type(words);
}

async function copy(page, base) {
  await page.goto(`${base}/docs/first-client`);
  const code = await value(page, "figure.code code");
  await page.click("figure.code .copy");
  await page.waitForFunction(() => document.querySelector("figure.code .copy").textContent === "Copied");
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), code);
}

async function scheme(page, base) {
  await page.goto(`${base}/docs/first-client`);
  const dark = ({ ink, paper }) => ink > paper;
  await page.select("#docs-scheme", "dark");
  assert.ok(dark(await colours(page, "light")), "dark against the system");
  await page.goto(`${base}/docs/lobbies`);
  assert.ok(dark(await colours(page, "light")), "and on the next page");
  assert.equal(await page.$eval("#docs-scheme", (one) => one.value), "dark");
  await page.select("#docs-scheme", "light");
  assert.ok(!dark(await colours(page, "dark")), "light against the system");
  await page.select("#docs-scheme", "");
  assert.ok(dark(await colours(page, "dark")), "as the system again");
  assert.ok(!dark(await colours(page, "light")), "as the system again");
}

async function menu(page, base) {
  await page.setViewport(PHONE);
  await page.goto(`${base}/docs/first-client`);
  const shown = () => page.$eval("#docs-pages", (one) => one.offsetParent !== null);
  assert.equal(await shown(), false);
  await page.click("#docs-menu");
  assert.equal(await shown(), true);
  assert.equal(await page.$eval("#docs-menu", (one) => one.getAttribute("aria-expanded")), "true");
  await page.focus("#docs-pages a");
  await page.keyboard.press("Escape");
  assert.equal(await shown(), false);
  await page.setViewport(DESKTOP);
  assert.equal(await shown(), true);
}
