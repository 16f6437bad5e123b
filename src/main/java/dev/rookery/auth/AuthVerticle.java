package dev.rookery.auth;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.base.SessionId;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.player.Credentials;
import dev.rookery.player.Export;
import dev.rookery.player.Identity;
import dev.rookery.session.Tokens;
import dev.rookery.store.Database;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets players in and out, on virtual threads. Several of it may be deployed on a node.
 *
 * <p>What ends here is told to all nodes at once; should the bus lose that, the {@link
 * SessionVerticle} of each node reads it from the store.
 */
public final class AuthVerticle extends VerticleBase {
  private final Bus bus;
  private final Database database;
  private final AuthDependencies parts;
  private final Credentials identities;
  private final SessionStore sessions;
  private final SessionListStore lists;
  private final Entrance entrance;
  private final TokenIssuer pairs;
  private final Bans bans;
  private final PasswordSignIns byPassword;
  private final AnonymousSignIns byName;

  public AuthVerticle(Bus bus, Database database, AuthDependencies parts) {
    var clock = parts.clock();
    this.bus = bus;
    this.database = database;
    this.parts = parts;
    this.identities = new Credentials(clock, parts.ids());
    this.sessions = new SessionStore(clock);
    this.lists = new SessionListStore(clock);
    this.entrance = new Entrance(bus, sessions, parts.settings(), clock);
    this.pairs = new TokenIssuer(parts);
    this.bans = new Bans(database, identities, sessions, clock);
    this.byName = new AnonymousSignIns(database, identities, entrance, pairs, parts.settings());
    this.byPassword = new PasswordSignIns(database, parts, identities, sessions, lists, entrance);
  }

  @Override
  public Future<?> start() {
    var byDevice =
        new DeviceSignIns(context, database, identities, entrance, pairs, parts.settings());
    var letters = new EmailTemplates(parts.settings().game(), parts.settings().pages());
    var writing = new EmailTokenSender(context, database, parts, identities, letters);
    var exported = new ExportStore();
    return Future.all(
        bus.<AuthCommand<?>>serve(
            AuthCommand.ADDRESS, command -> handle(command, byDevice, writing)),
        bus.<Export>serve(Export.address("sessions"), asked -> exported.sessions(database, asked)),
        bus.<Export>serve(Export.address("letters"), asked -> exported.letters(database, asked)),
        bus.<Export>serve(
            Export.address("provider_sign_ins"), asked -> exported.flows(database, asked)));
  }

  private Object handle(AuthCommand<?> command, DeviceSignIns byDevice, EmailTokenSender writing) {
    return switch (command) {
      case AuthCommand.SignInByDevice(var device, var client) -> byDevice.signIn(device, client);
      case AuthCommand.SignInAnonymously signIn -> byName.signIn(signIn);
      case AuthCommand.SignInByPassword signIn -> byPassword.signIn(signIn);
      case AuthCommand.Register register -> byPassword.register(register, writing);
      case AuthCommand.Refresh(var token, var client) -> refresh(token, client);
      case AuthCommand.Renew(var session, var client) -> renew(session, client);
      case AuthCommand.SignOut(var session) -> signOut(session);
      case AuthCommand.SignOutAll(var player, var except) -> signOutAll(player, except);
      case AuthCommand.ListSessions(var player, var page) -> lists.list(database, player, page);
      case AuthCommand.EndSession(var number, var owner) -> endSession(number, owner);
      case AuthCommand.Ban ban -> tell(bans.ban(ban));
      case AuthCommand.LiftBan lift -> liftBan(lift);
      case AuthCommand.Forget(var player) -> tell(forget(player));
      case AuthCommand.ChangePassword change -> tell(byPassword.change(change));
    };
  }

  private TokenPair refresh(String refreshToken, Client client) {
    Tokens.Refresh token = parts.tokens().readRefresh(refreshToken);
    var refreshed =
        database.write(
            tx -> {
              Identity player =
                  identities
                      .find(tx, token.player())
                      .map(entrance::check)
                      .orElseThrow(() -> Refused.missing("player_not_found"));
              var generation = sessions.rotate(tx, token, client, parts.settings().sessionFor());
              boolean reused = generation.isEmpty() && sessions.endReused(tx, token);
              return new Refreshed(player, generation.orElse(null), reused);
            });
    if (refreshed.reused) {
      tell(List.of(token.session()));
    }
    if (refreshed.generation == null) {
      throw Refused.denied("invalid_token");
    }
    return pairs.of(token.session(), refreshed.generation, refreshed.player);
  }

  private Done renew(SessionId session, Client client) {
    var sessionFor = parts.settings().sessionFor();
    if (!database.write(tx -> sessions.renew(tx, session, client, sessionFor))) {
      throw Refused.denied("invalid_token");
    }
    return Done.DONE;
  }

  private Done signOut(SessionId session) {
    boolean ended = database.write(tx -> sessions.end(tx, session));
    return tell(ended ? List.of(session) : List.of());
  }

  private List<SessionId> forget(PlayerId player) {
    var letters = new EmailTokenStore(parts.clock());
    var flows = new ProviderFlowStore(parts.clock());
    return database.write(
        tx -> {
          letters.forget(tx, player);
          flows.forget(tx, player);
          return sessions.forget(tx, player);
        });
  }

  private Done signOutAll(PlayerId player, @Nullable SessionId except) {
    return tell(database.write(tx -> sessions.endAll(tx, player, except)));
  }

  private Done endSession(long number, @Nullable PlayerId owner) {
    return tell(
        List.of(
            database
                .write(tx -> lists.end(tx, number, owner))
                .orElseThrow(() -> Refused.missing("not_found"))));
  }

  private Done liftBan(AuthCommand.LiftBan lift) {
    bans.lift(lift);
    return Done.DONE;
  }

  private Done tell(List<SessionId> ended) {
    SessionEndBroadcast.tell(bus, ended);
    return Done.DONE;
  }

  /** The generation is null if the token opened nothing. */
  private record Refreshed(Identity player, @Nullable Long generation, boolean reused) {}
}
