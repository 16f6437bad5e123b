package dev.rookery.protocol.page;

import dev.rookery.base.Ids;
import dev.rookery.bus.Bus;
import dev.rookery.console.ConsoleSessions;
import dev.rookery.edge.Protocol;
import dev.rookery.session.Sessions;
import dev.rookery.session.Tokens;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Mounts all pages. Their paths are part of the contract: emails and games link to them. */
public final class Pages implements Protocol {
  private static final String FILES = "/page/";
  private static final String PLAY_FILES = "/__openturn/play-app/";
  private static final String CSS = "text/css; charset=utf-8";
  private static final String SCRIPT = "text/javascript; charset=utf-8";

  private final PageSettings settings;
  private final PageRouter pages;
  private final SignInPages signIn;
  private final EmailLinkPages emailLinks;
  private final SettingsPages accountSettings;
  private final PrivacyPages privacy;
  private final ProviderPages providers;
  private final @Nullable MailboxPage mailbox;
  private final PlayPages play;
  private final LobbyPages lobbies;
  private final HomePages home;
  private final ContentPages content;
  private final ConsoleSignInPages console;
  private final ConsoleFactorPages factors;
  private final PasskeyPages passkeys;
  private final AdminOidcPages adminOidc;
  private final InvitePages invites;
  private final PlayerPages player;
  private final Buffer css = read("/page/page.css");
  private final Buffer icon = read("/page/icon.svg");
  private final Buffer icons = read(FILES + ThemeIcons.FILE);
  private final Map<String, Buffer> scripts =
      Stream.of("socket.mjs", "live.mjs", "chat.mjs", "frame.mjs", "part.mjs", "passkey.mjs")
          .collect(Collectors.toMap(name -> name, name -> read(FILES + name)));
  private final Map<String, Buffer> playFiles =
      Stream.of("main.js", "server.js", "timeline.js", "play.css")
          .collect(Collectors.toMap(name -> name, name -> read("/play/" + name)));

  public Pages(
      Bus bus,
      Sessions sessions,
      ConsoleSessions consoleSessions,
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
    this.privacy = new PrivacyPages(bus, settings.themes());
    this.play = new PlayPages(bus, tokens, new GameFramePage(bus, settings.staticFolder()));
    this.lobbies = new LobbyPages(bus);
    this.home = new HomePages(bus, clock, settings.themes());
    this.content = new ContentPages(settings.themes(), settings.publicUrl());
    this.player = new PlayerPages(bus, clock, ids, settings);
    var admission = new ConsoleAdmission(bus, tokens, consoleSessions);
    this.console =
        new ConsoleSignInPages(bus, admission, settings.limits(), settings.adminSignIn());
    this.factors = new ConsoleFactorPages(bus, admission, settings.adminSignIn());
    this.passkeys = new PasskeyPages(bus, admission, console, factors, settings.themes());
    this.adminOidc = new AdminOidcPages(bus, admission, console);
    this.invites = new InvitePages(bus, settings.limits());
    var previewEmails = settings.previewEmails();
    this.mailbox =
        previewEmails == null
            ? null
            : new MailboxPage(previewEmails, settings.previewForAdminsOnly());
  }

  @Override
  public void mount(Router router) {
    serve(router, FILES + "page.css", CSS, context -> ColorScheme.of(context, css));
    serve(router, FILES + "theme.css", CSS, this::themeSheet);
    serve(router, FILES + "icon.svg", "image/svg+xml", _ -> icon);
    serve(router, FILES + ThemeIcons.FILE, "image/svg+xml", _ -> icons);
    scripts.forEach((name, content) -> serve(router, FILES + name, SCRIPT, _ -> content));
    playFiles.forEach(
        (name, content) ->
            serve(router, PLAY_FILES + name, name.endsWith(".js") ? SCRIPT : CSS, _ -> content));
    home.mount(router, pages);
    content.mount(router, pages);
    signIn.mount(router, pages);
    emailLinks.mount(router, pages);
    accountSettings.mount(router, pages);
    privacy.mount(router, pages);
    providers.mount(router, pages);
    lobbies.mount(router, pages);
    play.mount(router, pages);
    player.mount(router, pages);
    console.mount(router, pages);
    factors.mount(router, pages);
    passkeys.mount(router, pages);
    if (settings.adminSignIn().hasOidc()) {
      adminOidc.mount(router, pages);
    }
    invites.mount(router, pages);
    if (mailbox != null) {
      mailbox.mount(router, pages);
    }
  }

  @Override
  public String servedPath(String path) {
    return pages.servedPath(path);
  }

  @Override
  public boolean isExempt(String path) {
    return path.startsWith(FILES) || path.startsWith(PLAY_FILES) || ContentPages.isPicture(path);
  }

  /** Pages are never readable by other origins, whatever CORS allows for the API. */
  @Override
  public boolean handlesCors(String path) {
    return PlayerPages.isPath(path)
        || path.startsWith("/users/")
        || path.startsWith("/admin")
        || path.startsWith("/dev/")
        || path.startsWith("/play/");
  }

  /** The style sheet of the theme in the language that the page has asked for. */
  private Buffer themeSheet(RoutingContext context) {
    String tag = context.request().getParam("language");
    var language = tag == null ? null : settings.translations().find(tag);
    Theme theme = language == null ? settings.themes().standard() : settings.themes().of(language);
    Buffer sheet = theme.css();
    return sheet == null ? Buffer.buffer() : ColorScheme.of(context, sheet);
  }

  private static void serve(
      Router router, String path, String type, Function<RoutingContext, Buffer> content) {
    router
        .get(path)
        .setName(path)
        .handler(
            context ->
                context
                    .response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, type)
                    .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                    .putHeader("x-content-type-options", "nosniff")
                    .end(content.apply(context)));
  }

  private static Buffer read(String path) {
    try (InputStream content = Pages.class.getResourceAsStream(path)) {
      if (content == null) {
        throw new IllegalStateException(path + " is not on the class path");
      }
      return Buffer.buffer(content.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
