package dev.rookery.protocol.page;

import dev.rookery.auth.AuthCommand;
import dev.rookery.auth.Client;
import dev.rookery.auth.TokenPair;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.notification.NotificationCommand;
import dev.rookery.player.PlayerCommand;
import dev.rookery.protocol.page.PageRequest.Viewer;
import dev.rookery.session.Session;
import dev.rookery.session.Sessions;
import dev.rookery.session.Tokens;
import dev.rookery.translation.Translations;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of browsers, which are in a cookie: finds and renews the session of a request, and
 * begins one after a sign-in.
 */
final class PageSessions {
  private static final Duration RENEW_INTERVAL = Duration.ofHours(1);

  private final Bus bus;
  private final Sessions sessions;
  private final Tokens tokens;
  private final InstantSource clock;
  private final Translations translations;

  PageSessions(
      Bus bus, Sessions sessions, Tokens tokens, InstantSource clock, Translations translations) {
    this.bus = bus;
    this.sessions = sessions;
    this.tokens = tokens;
    this.clock = clock;
    this.translations = translations;
  }

  /**
   * Returns the session of the cookie. If it is no longer valid, clears the cookie and returns
   * null.
   */
  Future<@Nullable Session> find(RoutingContext context, Cookies cookies) {
    String cookie = cookies.session();
    if (cookie == null) {
      return Future.succeededFuture(null);
    }
    return read(context, cookies, cookie)
        .recover(
            failure -> {
              if (failure instanceof Refused refused
                  && (refused.refusal() instanceof Refusal.Denied
                      || refused.refusal() instanceof Refusal.Missing)) {
                cookies.clearSession();
                return Future.succeededFuture(null);
              }
              return Future.failedFuture(failure);
            });
  }

  private Future<@Nullable Session> read(RoutingContext context, Cookies cookies, String cookie) {
    Tokens.PageClaims page;
    try {
      page = tokens.readPage(cookie);
    } catch (Refused refused) {
      return Future.failedFuture(refused);
    }
    Future<Session> session = sessions.check(page.access());
    if (clock.millis() - page.issuedMs() < RENEW_INTERVAL.toMillis()) {
      return session.map(found -> found);
    }
    Client client = PageRequest.client(context, translations.of(""));
    return session.compose(
        found ->
            bus.ask(new AuthCommand.Renew(found.id(), client))
                .map(
                    _ -> {
                      cookies.session(
                          tokens.page(found.id(), found.player(), page.persistent()),
                          page.persistent());
                      return found;
                    }));
  }

  /**
   * What the pages show of the player. A page is shown without it while the database is
   * unavailable.
   */
  Future<Viewer> findViewer(@Nullable Session session) {
    if (session == null) {
      return Future.succeededFuture(Viewer.ANONYMOUS);
    }
    var timeZone = bus.ask(new PlayerCommand.FindTimeZone(session.player())).otherwise("");
    var unread = bus.ask(new NotificationCommand.CountUnread(session.player())).otherwise(0L);
    return Future.all(timeZone, unread)
        .map(_ -> new Viewer(TimeZones.of(timeZone.result()), unread.result()));
  }

  /** Begins a session in the browser, and ends the one that it had before. */
  Future<?> begin(PageRequest request, TokenPair tokenPair, boolean persistent) {
    var access = tokens.readAccess(tokenPair.accessToken());
    request
        .cookies()
        .session(tokens.page(access.session(), access.player(), persistent), persistent);
    Session previous = request.session();
    return previous == null
        ? Future.succeededFuture()
        : bus.ask(new AuthCommand.SignOut(previous.id()))
            .onSuccess(_ -> sessions.end(previous.id()));
  }
}
