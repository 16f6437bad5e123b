package dev.rookery.protocol.page;

import dev.rookery.base.Ids;
import dev.rookery.bus.Bus;
import dev.rookery.edge.Protocol;
import dev.rookery.session.Sessions;
import dev.rookery.session.Tokens;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Mounts all pages. Their paths are part of the contract: emails and games link to them. */
public final class Pages implements Protocol {
  private static final String FILES = "/page/";

  private final PageSettings settings;
  private final PageRouter pages;
  private final SignInPages signIn;
  private final EmailLinkPages emailLinks;
  private final SettingsPages accountSettings;
  private final PrivacyPages privacy;
  private final ProviderPages providers;
  private final @Nullable MailboxPage mailbox;
  private final Buffer css = readCss();

  public Pages(
      Bus bus,
      Sessions sessions,
      Tokens tokens,
      InstantSource clock,
      Ids ids,
      PageSettings settings) {
    this.settings = settings;
    this.pages = new PageRouter(bus, sessions, tokens, clock, ids, settings);
    this.signIn = new SignInPages(bus, sessions, settings.limits());
    this.emailLinks = new EmailLinkPages(bus, settings.limits());
    this.accountSettings = new SettingsPages(bus, settings.limits());
    this.providers = new ProviderPages(bus);
    this.privacy = new PrivacyPages(bus, settings.theme());
    var previewEmails = settings.previewEmails();
    this.mailbox =
        previewEmails == null
            ? null
            : new MailboxPage(previewEmails, settings.previewForAdminsOnly());
  }

  @Override
  public void mount(Router router) {
    serveCss(router, "page.css", css);
    Buffer theme = settings.theme().css();
    if (theme != null) {
      serveCss(router, "theme.css", theme);
    }
    signIn.mount(router, pages);
    emailLinks.mount(router, pages);
    accountSettings.mount(router, pages);
    privacy.mount(router, pages);
    providers.mount(router, pages);
    if (mailbox != null) {
      mailbox.mount(router, pages);
    }
  }

  @Override
  public boolean isExempt(String path) {
    return path.startsWith(FILES);
  }

  /** Pages are never readable by other origins, whatever CORS allows for the API. */
  @Override
  public boolean handlesCors(String path) {
    return path.startsWith("/users/") || path.startsWith("/dev/");
  }

  private static void serveCss(Router router, String name, Buffer content) {
    router
        .get(FILES + name)
        .setName(FILES + name)
        .handler(
            context ->
                context
                    .response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, "text/css; charset=utf-8")
                    .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                    .putHeader("x-content-type-options", "nosniff")
                    .end(content));
  }

  private static Buffer readCss() {
    try (InputStream content = Pages.class.getResourceAsStream("/page/page.css")) {
      if (content == null) {
        throw new IllegalStateException("/page/page.css is not on the class path");
      }
      return Buffer.buffer(content.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
