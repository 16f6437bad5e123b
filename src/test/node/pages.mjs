// The life of an account in a real browser: register, confirm the email, change settings, sign out another
// session, reset the password, delete the account. Every page is checked in light and dark mode, at desktop
// and phone width, and with the keyboard.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkLayout, launch, open } from "./browser.mjs";
import { run } from "./client.mjs";

const EMAIL = "ann@example.com";
const FIRST = "correct horse";
const SECOND = "battery staple";

run(async (base, executablePath, userDataDir, links) => {
  const browser = await launch(executablePath, userDataDir);
  try {
    const problems = [];
    const page = await open(browser, `${base}/users/register`, problems);
    await checkLayout(page);
    await fill(page, "/users/register", { email: EMAIL, display_name: "Ann", password: FIRST, password_confirmation: FIRST });
    await showsNotice(page, "Check your email");

    await page.goto(await emailLink(links, "confirm"));
    await checkLayout(page);
    await fill(page, "/users/log-in", {});
    await showsNotice(page, "You are signed in.");
    assert.equal(await page.$eval("#display-name", (input) => input.value), "Ann");
    await checkLayout(page);

    const secondContext = await browser.createBrowserContext();
    const other = await open(secondContext, `${base}/users/settings`, problems);
    assert.equal(new URL(other.url()).pathname, "/users/log-in");
    await checkLayout(other);
    await fill(other, "/users/log-in", { email: EMAIL, password: FIRST, remember_me: true });
    assert.equal(new URL(other.url()).pathname, "/users/settings");

    await page.reload();
    assert.equal((await page.$$('[name="session"]')).length, 2);
    await fill(page, "/users/settings/sessions", {});
    await showsNotice(page, "Session signed out.");
    await other.reload();
    assert.equal(new URL(other.url()).pathname, "/users/log-in");

    await fill(page, "/users/settings/profile", { display_name: "Ann <the second>" });
    await showsNotice(page, "Display name saved.");
    await walkPlayerPages(base, page, problems);
    await page.goto(`${base}/users/settings`);
    await fill(page, "/users/update-password", {
      current_password: FIRST,
      password: SECOND,
      password_confirmation: SECOND,
    });
    await showsNotice(page, "Password changed.");
    await fill(page, "/users/log-out", {});
    await showsNotice(page, "You are signed out.");

    // Resets the password by email.
    await page.goto(`${base}/users/reset-password`);
    await checkLayout(page);
    await fill(page, "/users/reset-password", { email: EMAIL });
    await showsNotice(page, "we sent a link");
    await page.goto(await emailLink(links, "reset"));
    await checkLayout(page);
    await fill(page, "/users/reset-password", { password: FIRST, password_confirmation: FIRST });
    await showsNotice(page, "Password changed.");
    assert.equal(await page.$eval("#display-name", (input) => input.value), "Ann <the second>");

    // From right to left, and back by the menu of languages.
    for (const path of ["/ar/users/settings", "/ar/privacy", "/ar/play/lobbies"]) {
      await page.goto(base + path);
      await checkLayout(page);
      assert.equal(await page.$eval("html", (html) => `${html.lang} ${html.dir}`), "ar rtl");
      const gap = await page.$eval("h1", (heading) => {
        const text = document.createRange();
        text.selectNodeContents(heading);
        return heading.parentElement.getBoundingClientRect().right - text.getBoundingClientRect().right;
      });
      assert.ok(Math.abs(gap) < 2, `${path} begins at the right: ${gap}`);
    }
    await page.click(".languages summary");
    await Promise.all([page.waitForNavigation(), page.click('.languages a[hreflang="de"]')]);
    assert.equal(new URL(page.url()).pathname, "/de/play/lobbies");
    assert.equal(await page.$eval("html", (html) => `${html.lang} ${html.dir}`), "de ltr");
    for (const about of ["/privacy", "/terms", "/data-deletion"]) {
      await page.goto(base + about);
      await checkLayout(page);
    }
    await page.goto(`${base}/users/settings`);
    await Promise.all([page.waitForNavigation(), page.click('a[href="/users/settings/delete"]')]);
    await checkLayout(page);
    await page.click('[name="sure"]');
    await fill(page, "/users/settings/delete", {});
    await showsNotice(page, "Your account was deleted.");
    assert.deepEqual(
      (await browser.cookies()).filter((cookie) => cookie.name.includes("session")),
      [],
    );
    assert.deepEqual(problems, []);

    // An error page is checked like the others.
    await fill(page, "/users/log-in", { email: EMAIL, password: FIRST });
    assert.match(await page.$eval('[role="alert"]', (alert) => alert.textContent), /Email or password is incorrect/);
    await checkLayout(page);
  } finally {
    await browser.close();
  }
});

/** Makes a friend on the pages, and chats with them while they use the API. */
async function walkPlayerPages(base, page, problems) {
  const id = (await page.$eval("main", (main) => main.textContent)).match(/Player ID (\d+)/)[1];
  const api = async (path, body, token = "") => {
    const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
    const answer = await fetch(`${base}/api/v1${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    assert.ok(answer.ok, `${path}: ${answer.status}`);
    return (await answer.json()).data;
  };
  const ben = await api("/login/device", { device_id: "the first of all" });
  await api("/friends", { target_user_id: Number(id) }, ben.access_token);

  for (const path of ["friends", "groups", "notifications", "data"]) {
    await page.goto(`${base}/users/settings/${path}`);
    await checkLayout(page);
  }
  for (const path of ["/groups", "/achievements", "/leaderboards", "/chat", "/notifications"]) {
    await page.goto(base + path);
    await checkLayout(page);
  }
  await fill(page, "/notifications/answer", {});
  await showsNotice(page, "Friend request accepted.");

  await page.goto(`${base}/chat/friend/${ben.user_id}`);
  await checkLayout(page);
  await api("/chat/messages", { chat_type: "friend", chat_ref_id: Number(id), content: "<b>hello</b>" }, ben.access_token);
  await page.waitForFunction(() => document.querySelector("#messages")?.textContent.includes("<b>hello</b>"));
  await page.type("#content", "good day");
  await page.click("form.composer button");
  await page.waitForFunction(() => document.querySelector("#messages .own:not(.unsent)")?.textContent.includes("good day"));
  assert.equal(await page.$eval("#content", (field) => field.value), "");

  // Without a connection the message waits, and is sent once.
  const before = problems.length;
  await page.setOfflineMode(true);
  await page.type("#content", "later");
  await page.click("form.composer button");
  await page.waitForFunction(() => document.querySelector(".unsent")?.textContent.includes("Not sent yet"));
  await page.setOfflineMode(false);
  await page.waitForFunction(() => !document.querySelector(".unsent"));
  problems.length = before;
  await page.reload();
  assert.equal((await page.$$("#messages .own")).length, 2);
}

/** Fills in the form with this action and submits it. */
async function fill(page, action, fields) {
  const form = await page.$(`form[action="${action}"]`);
  for (const [name, value] of Object.entries(fields)) {
    const input = await form.$(`[name="user[${name}]"]`);
    if (value === true) {
      await input.click();
    } else {
      await input.evaluate((field) => (field.value = ""));
      await input.type(value);
    }
  }
  await Promise.all([page.waitForNavigation(), form.$eval("button", (button) => button.click())]);
}

async function showsNotice(page, text) {
  const notice = await page.$eval('[role="status"]', (element) => element.textContent);
  assert.ok(notice.includes(text), `${page.url()} shows ${notice}`);
}

/** Waits for the link from an email. */
async function emailLink(folder, name) {
  const file = join(folder, name);
  for (;;) {
    if (existsSync(file)) {
      return readFileSync(file, "utf8");
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}
