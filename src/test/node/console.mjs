// Uses the console in a real browser: palette, shortcuts, filter, confirmation, match slider, live figures, editors,
// drafts, explorer and playground, and the same without script. axe-core must find nothing in what only appears then,
// nothing may scroll to the side, and the content security policy must not be hit.
import assert from "node:assert/strict";
import { cookiesOf, DESKTOP, launch, PHONE } from "./browser.mjs";
import { run } from "./client.mjs";
import { checkAccessibility, checkWidth } from "./page-checks.mjs";

const WITHIN_MS = 20_000;

run(async (base, executablePath, userDataDir, cookies, match, player) => {
  const browser = await launch(executablePath, userDataDir);
  try {
    await browser.setCookie(...cookiesOf(cookies));
    const problems = [];
    await usesScript(await tab(browser, problems, DESKTOP, "dark", true), base, player);
    await scrubs(await tab(browser, problems, DESKTOP, "light", true), base, match);
    await staysLive(await tab(browser, problems, DESKTOP, "light", true), base);
    await editsWithColours(await tab(browser, problems, DESKTOP, "light", true), base);
    await keepsDrafts(await tab(browser, problems, DESKTOP, "light", true), base);
    await sendsRequests(await tab(browser, problems, DESKTOP, "light", true), base);
    await resumesInTheDemo(await tab(browser, problems, DESKTOP, "light", true), base);
    await worksWithoutScript(await tab(browser, problems, PHONE, "light", false), base, player);
    await hasHighContrast(await tab(browser, problems, DESKTOP, "light", true), base);
    assert.deepEqual(problems, []);
  } finally {
    await browser.close();
  }
});

async function tab(browser, problems, size, scheme, script) {
  const page = await browser.newPage();
  page.setDefaultTimeout(WITHIN_MS);
  await page.setViewport(size);
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.setJavaScriptEnabled(script);
  page.on("console", (line) => {
    if (["error", "warn"].includes(line.type())) problems.push(`${page.url()}: ${line.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`${page.url()}: ${error}`));
  return page;
}

async function check(page, where) {
  const report = (problem) => assert.fail(`${where}: ${problem}`);
  await checkWidth(page, page.viewport().width, report);
  await checkAccessibility(page, false, report);
}

async function usesScript(page, base, player) {
  await page.goto(`${base}/admin/users`);
  await page.evaluate(() => (globalThis.sameDocument = true));

  // The filter replaces the list, and the address holds it.
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => document.activeElement.id), "search");
  await page.type("#q", "is:admin");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => location.search.includes("is%3Aadmin") && document.querySelector(".chips"));
  assert.equal(await page.evaluate(() => globalThis.sameDocument), true);
  await page.click(".chips a");
  await page.waitForFunction(() => !document.querySelector(".chips"));
  await page.goBack();
  await page.waitForFunction(() => document.querySelector(".chips"));
  assert.equal(await page.evaluate(() => globalThis.sameDocument), true);

  // The palette finds a page by its name.
  await page.keyboard.down("Control");
  await page.keyboard.press("k");
  await page.keyboard.up("Control");
  await page.waitForSelector("#palette[open] input");
  await page.keyboard.type("lobb");
  await page.waitForFunction(() => document.querySelector("#palette .results a")?.textContent.includes("Lobbies"));
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  assert.equal(new URL(page.url()).pathname, "/admin/lobbies");

  // Letters open pages; the sheet names them.
  await page.keyboard.press("g");
  await Promise.all([page.waitForNavigation(), page.keyboard.press("p")]);
  assert.equal(new URL(page.url()).pathname, "/admin/users");
  await page.keyboard.press("?");
  await page.waitForSelector("#shortcuts[open]");
  await check(page, "shortcuts");
  await page.keyboard.press("Escape");

  // A confirmation is a dialog that gives the focus back.
  await page.goto(base + player);
  const button = await page.waitForSelector('button[formaction$="/end-sessions"]');
  await button.focus();
  await page.keyboard.press("Enter");
  await page.waitForSelector("#dialog[open] form");
  await check(page, "dialog");
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => !document.querySelector("#dialog").open);
  assert.match(await page.evaluate(() => document.activeElement.getAttribute("formaction")), /end-sessions$/);
}

/** The revisions of a match by the slider, by keys and by playing, without loading the page again. */
async function scrubs(page, base, match) {
  await page.goto(base + match);
  await page.evaluate(() => (globalThis.sameDocument = true));
  const shows = (revision) =>
    page.waitForFunction((text) => document.querySelector("#s-facts").textContent === text, {}, `Revision ${revision}`);
  await shows(2);
  await page.focus("#at");
  await page.keyboard.press("ArrowLeft");
  await shows(1);
  await page.waitForFunction(() => location.search === "?at=1");
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("[");
  await shows(0);
  await page.select(".replay select", "16");
  await page.click(".replay button");
  await shows(2);
  assert.equal(await page.evaluate(() => globalThis.sameDocument), true);
  await check(page, "match after playing");
}

/** The figures move until the page is paused, and single points of a chart can be read with the keys. */
async function staysLive(page, base) {
  await page.goto(`${base}/admin`);
  const says = (begin) =>
    page.waitForFunction((text) => document.querySelector("[data-live-state]").textContent.startsWith(text), {}, begin);
  await says("Live");
  await page.click("[data-live-pause]");
  await says("Paused");
  await page.$eval("#chart-players svg", (chart) => chart.focus());
  await page.keyboard.press("ArrowLeft");
  const reading = await page.$eval("#chart-players [data-reading]", (line) => line.textContent);
  assert.match(reading, /UTC: Players online/);
  await page.click("[data-live-pause]");
  await says("Live");
}

/** The editor colours what is typed and names the line of an error: of JSON by itself, of Lua by the server. */
async function editsWithColours(page, base) {
  const retype = async (field, text) => {
    await page.$eval(field, (area) => (area.value = ""));
    await page.type(field, text);
  };
  const names = (text) =>
    page.waitForFunction((part) => document.querySelector(".problems")?.textContent.includes(part), {}, text);
  page.on("dialog", (dialog) => dialog.accept());
  await page.goto(`${base}/admin/kv/new`);
  await retype("#f-value", '{"gold": 1,\n"gold": 2}');
  await names('Line 2: the name "gold" is there twice');
  assert.equal(await page.$eval(".editor .t-key", (part) => part.textContent), '"gold"');
  await page.goto(`${base}/admin/scripts/-/new`);
  await retype("#f-source", "local x = 1\nreturn (");
  await names("Line 2: ");
  assert.equal(await page.$eval(".editor .t-key", (part) => part.textContent), "local");
  await page.focus("#f-source");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  assert.notEqual(await page.evaluate(() => document.activeElement.id), "f-source");
}

/** What was typed is offered again where the session had ended when it was sent, and is forgotten when it is saved. */
async function keepsDrafts(page, base) {
  const path = "/admin/kv/new";
  const press = (selector) => Promise.all([page.waitForNavigation(), page.click(selector)]);
  await page.goto(base + path);
  await page.type("#f-key", "draft.kept");
  const session = (await page.browserContext().cookies()).find((cookie) => cookie.name === "rookery_console");
  await page.browserContext().deleteCookie(session);
  await press("main form[data-draft] button");
  assert.equal(new URL(page.url()).pathname, "/admin/sign-in");
  await press('form[action="/admin/sign-in"] button');
  assert.equal(new URL(page.url()).pathname, path);
  await page.click(".alert button");
  assert.equal(await page.$eval("#f-key", (field) => field.value), "draft.kept");
  await press("main form[data-draft] button");
  assert.match(page.url(), /done=/);
  await page.goto(base + path);
  assert.equal(await page.$(".alert button"), null);
  await page.goto(`${base}/admin/lobbies/1/edit`);
  await page.type("#f-title", "typed ");
  await page.type("#f-password", "not kept");
  const kept = await page.evaluate(() => JSON.stringify(sessionStorage));
  assert.match(kept, /typed /);
  assert.ok(!kept.includes("not kept"));
  await page.evaluate(() => sessionStorage.clear());
}

/** The explorer sends as a test player and as the admin, and remembers the address without secrets. */
async function sendsRequests(page, base) {
  const answer = async (pattern) => {
    await page.waitForFunction(
      (text) => new RegExp(text).test(document.querySelector("#answer").textContent),
      {},
      pattern,
    );
  };
  await page.goto(`${base}/admin/explorer/get_current_user?as=1`);
  await page.click("[data-send]");
  await answer("200 OK[^]*Test player 1");
  await page.goto(`${base}/admin/explorer/admin_list_users?as=me`);
  await page.type('[name="q.page_size"]', "1");
  await page.click("[data-send]");
  await answer("200 OK[^]*total_pages");
  assert.match(page.url(), /q\.page_size=1/);
  await page.goto(`${base}/admin/explorer`);
  await page.waitForSelector('[data-explorer-history] a[href*="admin_list_users"]');
}

/** Two test players in one lobby: one misses a message while its line is down, and gets it when it comes back. */
async function resumesInTheDemo(page, base) {
  await page.goto(`${base}/admin/playground?demo`);
  const [ann, ben] = [1, 2].map((number) => `section[aria-label="Client ${number}"]`);
  const shows = (pane, text) =>
    page.waitForFunction((selector, part) => document.querySelector(selector)?.textContent.includes(part), {}, pane, text);
  const press = (pane, name) => page.click(`${pane} button[name="${name}"]`);
  const heard = (pane) =>
    page.$eval(`${pane} .pane-frames`, (list) => list.textContent.match(/new_chat_message /g)?.length);
  await shows(ben, "recovered: false");
  await press(ann, "sendFrame");
  await shows(ann, "new_chat_message");
  await shows(ben, "new_chat_message");
  await press(ben, "drop");
  await shows(ben, "Dropped.");
  await press(ann, "sendFrame");
  await page.waitForFunction(
    (selector) => document.querySelector(selector).textContent.match(/new_chat_message /g)?.length === 2,
    {},
    `${ann} .pane-frames`,
  );
  assert.equal(await heard(ben), 1);
  await press(ben, "back");
  await shows(ben, "recovered: true");
  await page.waitForFunction(
    (selector) => document.querySelector(selector).textContent.match(/new_chat_message /g)?.length === 2,
    {},
    `${ben} .pane-frames`,
  );
  await check(page, "demo");
  await Promise.all([page.waitForNavigation(), page.click(`${ann} .pane-see`)]);
  const rows = await page.$$eval("#stream-rows tr", (all) => all.map((row) => row.textContent));
  assert.equal(rows.filter((row) => row.includes("ChatEvent.Sent")).length, 2);
}

async function worksWithoutScript(page, base, player) {
  await page.goto(`${base}/admin/users?q=is%3Aadmin`);
  await Promise.all([page.waitForNavigation(), page.click(".chips a")]);
  assert.equal(await page.$(".chips"), null);
  await page.goto(`${base}/admin/search#menu`);
  await Promise.all([page.waitForNavigation(), page.click('#menu a[href="/admin/sessions"]')]);
  assert.equal(new URL(page.url()).pathname, "/admin/sessions");

  await page.goto(base + player);
  await followByKey(page, 'button[formaction$="/end-sessions"]');
  await checkWidth(page, PHONE.width, (problem) => assert.fail(`question: ${problem}`));
  await followByKey(page, "a.cancel");
  assert.equal(new URL(page.url()).pathname, player);
}

/** Follows a link or presses a button with the Enter key. */
async function followByKey(page, selector) {
  await page.focus(selector);
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
}

async function hasHighContrast(page, base) {
  await page.goto(`${base}/admin/users`);
  await page.select("#theme", "contrast");
  await Promise.all([page.waitForNavigation(), page.click(".appearance button")]);
  assert.equal(await page.evaluate(() => document.documentElement.className), "theme-contrast");
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)");
  await check(page, "high contrast");
}
