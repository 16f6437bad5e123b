package dev.rookery.auth;

import dev.rookery.auth.SessionStore.NewSession;
import dev.rookery.auth.SessionStore.Rotation;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.base.SessionId;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.console.Grants;
import dev.rookery.player.Credentials;
import dev.rookery.player.Export;
import dev.rookery.player.Identity;
import dev.rookery.player.Timeline;
import dev.rookery.session.Tokens;
import dev.rookery.store.Database;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@link AuthCommand} on virtual threads. A node may deploy several instances.
 *
 * <p>Ended sessions are broadcast to all nodes after the commit. If the bus loses that message, the
 * {@link SessionVerticle} of each node reads it from the store within a second.
 */
public final class AuthVerticle extends VerticleBase {
  private final Bus bus;
  private final Database database;
  private final AuthDependencies dependencies;
  private final Credentials credentials;
  private final Grants grants;
  private final SessionStore sessions;
  private final SessionListStore sessionLists;
  private final PlaySessionStore playSessions;
  private final SessionOpener sessionOpener;
  private final TokenIssuer tokenIssuer;
  private final Bans bans;
  private final PasswordSignIns passwordSignIns;
  private final AnonymousSignIns anonymousSignIns;
  private final UsernameSignIns usernameSignIns;
  private final MarkedPlayers markedPlayers;

  public AuthVerticle(Bus bus, Database database, AuthDependencies dependencies) {
    var clock = dependencies.clock();
    this.bus = bus;
    this.database = database;
    this.dependencies = dependencies;
    this.credentials =
        new Credentials(
            clock,
            dependencies.ids(),
            dependencies.deviceDigests(),
            dependencies.settings().firstPlayerAdmin());
    this.grants = new Grants(clock);
    this.sessions = new SessionStore(clock);
    this.playSessions = new PlaySessionStore(sessions);
    this.sessionLists = new SessionListStore(clock);
    this.sessionOpener = new SessionOpener(bus, sessions, dependencies.settings(), clock);
    this.tokenIssuer = new TokenIssuer(dependencies);
    this.bans = new Bans(database, credentials, sessions, clock);
    this.anonymousSignIns =
        new AnonymousSignIns(
            database, credentials, sessionOpener, tokenIssuer, dependencies.settings());
    this.markedPlayers =
        new MarkedPlayers(
            database, credentials, sessionOpener, tokenIssuer, dependencies.settings(), clock);
    this.usernameSignIns =
        new UsernameSignIns(database, dependencies, credentials, sessionLists, sessionOpener);
    this.passwordSignIns =
        new PasswordSignIns(
            database, dependencies, credentials, sessions, sessionLists, sessionOpener);
  }

  @Override
  public Future<?> start() {
    var deviceSignIns =
        new DeviceSignIns(
            context, database, credentials, sessionOpener, tokenIssuer, dependencies.settings());
    var templates = new EmailTemplates(dependencies.settings());
    var emailTokens = new EmailTokenSender(context, database, dependencies, credentials, templates);
    var exports = new ExportStore();
    return Future.all(
        bus.<AuthCommand<?>>serve(
            AuthCommand.ADDRESS, command -> handle(command, deviceSignIns, emailTokens)),
        bus.<Timeline>serve(
            Timeline.address("sign_ins"), asked -> exports.signIns(database, asked)),
        bus.<Export>serve(Export.address("sessions"), export -> exports.sessions(database, export)),
        bus.<Export>serve(
            Export.address("letters"), export -> exports.emailTokens(database, export)),
        bus.<Export>serve(
            Export.address("provider_sign_ins"), export -> exports.flows(database, export)));
  }

  private Object handle(
      AuthCommand<?> command, DeviceSignIns deviceSignIns, EmailTokenSender emailTokens) {
    return switch (command) {
      case AuthCommand.SignInByDevice(var device, var client) ->
          deviceSignIns.signIn(device, client);
      case AuthCommand.SignInAnonymously signIn -> anonymousSignIns.signIn(signIn);
      case AuthCommand.SignInByPassword signIn -> passwordSignIns.signIn(signIn);
      case AuthCommand.SignInByUsername signIn -> usernameSignIns.signIn(signIn);
      case AuthCommand.RegisterByUsername register -> usernameSignIns.register(register);
      case AuthCommand.Register register -> passwordSignIns.register(register, emailTokens);
      case AuthCommand.CreateAccount create -> passwordSignIns.create(create);
      case AuthCommand.FindOrCreateByDevice(var device) -> deviceSignIns.findOrCreate(device);
      case AuthCommand.CreateMarkedPlayers create -> markedPlayers.create(create);
      case AuthCommand.OpenTestSession open -> markedPlayers.openTest(open);
      case AuthCommand.OpenOwnSession open -> markedPlayers.openOwn(open);
      case AuthCommand.Refresh(var token, var client) -> refresh(token, client);
      case AuthCommand.Renew(var session, var client) -> renew(session, client);
      case AuthCommand.OpenPlaySession open -> openPlaySession(open);
      case AuthCommand.SignOut(var session) -> signOut(session);
      case AuthCommand.SignOutAll(var player, var except) -> signOutAll(player, except);
      case AuthCommand.ListSessions(var player, var page) ->
          sessionLists.list(database, player, page);
      case AuthCommand.BrowseSessions browse -> sessionLists.browse(database, browse);
      case AuthCommand.CountSessions(var player, var max) ->
          sessionLists.count(database, player, max);
      case AuthCommand.EndSession(var number, var owner) -> endSession(number, owner);
      case AuthCommand.Ban ban -> broadcastEnded(bans.ban(ban));
      case AuthCommand.LiftBan lift -> liftBan(lift);
      case AuthCommand.Forget(var player) -> broadcastEnded(forget(player));
      case AuthCommand.ChangePassword change ->
          broadcastEnded(passwordSignIns.changePassword(change));
      case AuthCommand.SetPassword(var player, var password) ->
          broadcastEnded(passwordSignIns.setPassword(player, password));
    };
  }

  private TokenPair refresh(String refreshToken, Client client) {
    Tokens.RefreshClaims token = dependencies.tokens().readRefresh(refreshToken);
    var refreshed =
        database.write(
            tx -> {
              Identity player =
                  credentials
                      .find(tx, token.player())
                      .map(sessionOpener::requireNotBanned)
                      .orElseThrow(() -> Refused.missing("player_not_found"));
              Optional<Rotation> rotation =
                  sessions
                      .rotate(tx, token, client, dependencies.settings().sessionLifetime())
                      .or(() -> sessions.findRepeatable(tx, token));
              boolean reused = rotation.isEmpty() && sessions.endReused(tx, token);
              return new Refreshed(player, rotation.orElse(null), reused);
            });
    if (refreshed.reused) {
      broadcastEnded(List.of(token.session()));
    }
    Rotation rotation = refreshed.rotation;
    if (rotation == null) {
      throw Refused.denied("invalid_token");
    }
    return tokenIssuer.issue(
        token.session(), rotation.generation(), rotation.at(), refreshed.player);
  }

  private Done renew(SessionId session, Client client) {
    var lifetime = dependencies.settings().sessionLifetime();
    if (!database.write(tx -> sessions.renew(tx, session, client, lifetime))) {
      throw Refused.denied("invalid_token");
    }
    return Done.DONE;
  }

  private Done signOut(SessionId session) {
    return broadcastEnded(
        database.write(
            tx -> {
              var ended = new ArrayList<SessionId>();
              if (sessions.end(tx, session)) {
                ended.add(session);
              }
              ended.addAll(playSessions.endGames(tx, List.of(session)));
              return ended;
            }));
  }

  private TokenPair openPlaySession(AuthCommand.OpenPlaySession open) {
    SessionId session = tokenIssuer.newSessionId();
    var ended = new ArrayList<SessionId>();
    Identity player =
        database.write(
            tx -> {
              ended.clear();
              Identity found =
                  credentials
                      .find(tx, open.player())
                      .map(sessionOpener::requireNotBanned)
                      .orElseThrow(() -> Refused.missing("player_not_found"));
              ended.addAll(playSessions.endGames(tx, List.of(open.browser())));
              var opened = List.of(new NewSession(session, open.player(), open.client()));
              ended.addAll(sessionOpener.open(tx, "play", opened));
              playSessions.put(tx, open.browser(), session, open.player());
              return found;
            });
    sessionOpener.publishEnded(ended);
    return tokenIssuer.issue(session, player);
  }

  private List<SessionId> forget(PlayerId player) {
    var emailTokens = new EmailTokenStore(dependencies.clock());
    var flows = new ProviderFlowStore(dependencies.clock());
    return database.write(
        tx -> {
          emailTokens.forget(tx, player);
          flows.forget(tx, player);
          playSessions.forget(tx, player);
          return sessions.anonymizeAndEnd(tx, player);
        });
  }

  private Done signOutAll(PlayerId player, @Nullable SessionId except) {
    grants.requireRank(database, player);
    return broadcastEnded(database.write(tx -> sessions.endAll(tx, player, except)));
  }

  private Done endSession(long number, @Nullable PlayerId owner) {
    if (owner == null) {
      sessionLists
          .findPlayer(database, number)
          .ifPresent(player -> grants.requireRank(database, player));
    }
    return broadcastEnded(
        database.write(
            tx -> {
              SessionId session =
                  sessionLists
                      .end(tx, number, owner)
                      .orElseThrow(() -> Refused.missing("not_found"));
              var ended = new ArrayList<>(List.of(session));
              ended.addAll(playSessions.endGames(tx, ended));
              return ended;
            }));
  }

  private Done liftBan(AuthCommand.LiftBan lift) {
    bans.lift(lift);
    return Done.DONE;
  }

  private Done broadcastEnded(List<SessionId> ended) {
    SessionEndBroadcast.publish(bus, ended);
    return Done.DONE;
  }

  /** What became of a refresh; the rotation is null if the token was not valid. */
  private record Refreshed(Identity player, @Nullable Rotation rotation, boolean reused) {}
}
