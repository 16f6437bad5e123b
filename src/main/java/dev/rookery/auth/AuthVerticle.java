package dev.rookery.auth;

import dev.rookery.auth.SessionStore.Opened;
import dev.rookery.base.FieldErrors;
import dev.rookery.base.Ids;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.base.SessionId;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.player.DeviceIds;
import dev.rookery.player.Identities;
import dev.rookery.player.Identities.NewPlayer;
import dev.rookery.player.Identities.Secret;
import dev.rookery.player.Identity;
import dev.rookery.session.Bearer;
import dev.rookery.session.Tokens;
import dev.rookery.store.Database;
import dev.rookery.store.SqlFailed;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lets players in and out, on virtual threads. Several of it may be deployed on a node.
 *
 * <p>What ends here is told to all nodes at once; should the bus lose that, the {@link
 * SessionVerticle} of each node reads it from the store.
 */
public final class AuthVerticle extends VerticleBase {
  private static final String PASSWORD = "password";
  private static final String REGISTER = "register";
  private static final int SESSION_ID_BYTES = 16;

  private final Bus bus;
  private final Database database;
  private final Tokens tokens;
  private final Passwords passwords;
  private final AuthSettings settings;
  private final Ids ids;
  private final Identities identities;
  private final SessionStore sessions;

  public AuthVerticle(
      Bus bus,
      Database database,
      Tokens tokens,
      Passwords passwords,
      AuthSettings settings,
      InstantSource clock,
      Ids ids) {
    this.bus = bus;
    this.database = database;
    this.tokens = tokens;
    this.passwords = passwords;
    this.settings = settings;
    this.ids = ids;
    this.identities = new Identities(clock, ids);
    this.sessions = new SessionStore(clock);
  }

  @Override
  public Future<?> start() {
    var devices = new DeviceSignIns(context, database, identities, sessions);
    return bus.<AuthCommand<?>>serve(AuthCommand.ADDRESS, command -> handle(command, devices));
  }

  private Object handle(AuthCommand<?> command, DeviceSignIns devices) {
    return switch (command) {
      case AuthCommand.SignInByDevice(var device, var client) ->
          signInByDevice(devices, device, client);
      case AuthCommand.SignInByPassword signIn -> signInByPassword(signIn);
      case AuthCommand.Register register -> register(register);
      case AuthCommand.Refresh(var token, var client) -> refresh(token, client);
      case AuthCommand.SignOut(var session) -> signOut(session);
      case AuthCommand.SignOutAll(var player, var except) -> signOutAll(player, except);
      case AuthCommand.ChangePassword change -> changePassword(change);
    };
  }

  private SignedIn signInByDevice(DeviceSignIns devices, String device, Client client) {
    if (!settings.devices()) {
      throw Refused.denied("device_auth_disabled");
    }
    DeviceIds.check(device, settings.limits());
    SessionId session = newSession();
    return signedIn(session, 0, devices.signIn(device, client, session));
  }

  /** Unknown address, wrong password, no password: one answer, and one hash computed for each. */
  private SignedIn signInByPassword(AuthCommand.SignInByPassword signIn) {
    String email = Rules.normal(signIn.email());
    boolean possible = Rules.canBeSignedInWith(email, signIn.password(), settings.limits());
    Optional<Secret> secret = possible ? identities.byEmail(database, email) : Optional.empty();
    String hash = secret.map(Secret::passwordHash).orElse(null);
    if (!passwords.matches(signIn.password(), hash) || hash == null) {
      throw Refused.denied("invalid_credentials");
    }
    SessionId session = newSession();
    PlayerId player = secret.orElseThrow().player();
    Identity identity =
        database.write(
            tx -> {
              var seen =
                  identities
                      .see(tx, player, hash)
                      .orElseThrow(() -> Refused.denied("invalid_credentials"));
              sessions.insert(tx, PASSWORD, new Opened(session, player, signIn.client()));
              return seen;
            });
    attach(player, signIn.deviceId());
    return signedIn(session, 0, identity);
  }

  /** A player with a device already, or a device with a player, stays as it is. */
  private void attach(PlayerId player, @Nullable String device) {
    if (device == null || !settings.devices() || !DeviceIds.isOne(device, settings.limits())) {
      return;
    }
    try {
      database.write(
          tx -> {
            identities.attachDevice(tx, player, device);
            return Done.DONE;
          });
    } catch (SqlFailed failed) {
      if (!failed.isDuplicate()) {
        throw failed;
      }
    }
  }

  private SignedIn register(AuthCommand.Register register) {
    var errors = new FieldErrors();
    Rules.newPlayer(errors, register, settings.limits());
    errors.refuse();
    String email = Rules.normal(register.email());
    String device = settings.devices() ? register.deviceId() : null;
    refuseTaken(email, device);
    String hash = passwords.hash(register.password());
    String name = register.displayName() == null ? "" : register.displayName();
    var newPlayer = new NewPlayer(email, hash, device, name.isBlank() ? "" : name);
    SessionId session = newSession();
    identities.beforeCreating(database);
    Optional<Identity> created =
        database.write(
            tx -> {
              var identity = identities.create(tx, newPlayer);
              identity.ifPresent(
                  player ->
                      sessions.insert(
                          tx, REGISTER, new Opened(session, player.player(), register.client())));
              return identity;
            });
    if (created.isEmpty()) {
      refuseTaken(email, device);
    }
    return signedIn(session, 0, created.orElseThrow());
  }

  private void refuseTaken(String email, @Nullable String device) {
    var taken = identities.taken(database, email, device);
    var errors = new FieldErrors();
    if (taken.email()) {
      errors.add("email", "has already been taken");
    }
    if (taken.deviceId()) {
      errors.add("device_id", "has already been taken");
    }
    errors.refuse();
  }

  private SignedIn refresh(String refreshToken, Client client) {
    Tokens.Refresh token = tokens.readRefresh(refreshToken);
    var refreshed =
        database.write(
            tx -> {
              Identity player =
                  identities
                      .find(tx, token.player())
                      .orElseThrow(() -> Refused.missing("player_not_found"));
              var generation = sessions.rotate(tx, token, client);
              boolean reused = generation.isEmpty() && sessions.endReused(tx, token);
              return new Refreshed(player, generation.orElse(null), reused);
            });
    if (refreshed.reused) {
      tell(List.of(token.session()));
    }
    if (refreshed.generation == null) {
      throw Refused.denied("invalid_token");
    }
    return signedIn(token.session(), refreshed.generation, refreshed.player);
  }

  private Done signOut(SessionId session) {
    boolean ended = database.write(tx -> sessions.end(tx, session));
    if (ended) {
      tell(List.of(session));
    }
    return Done.DONE;
  }

  private Done signOutAll(PlayerId player, @Nullable SessionId except) {
    tell(database.write(tx -> sessions.endAll(tx, player, except)));
    return Done.DONE;
  }

  private Done changePassword(AuthCommand.ChangePassword change) {
    var errors = new FieldErrors();
    Rules.password(errors, change.password(), change.passwordConfirmation(), settings.limits());
    errors.refuse();
    String hash = passwords.hash(change.password());
    List<SessionId> ended =
        database.write(
            tx -> {
              if (!identities.setPassword(tx, change.player(), hash)) {
                throw Refused.missing("not_found");
              }
              return sessions.endAll(tx, change.player(), change.current());
            });
    tell(ended);
    return Done.DONE;
  }

  private void tell(List<SessionId> ended) {
    Endings.tell(bus, ended);
  }

  private SessionId newSession() {
    return new SessionId(ids.token(SESSION_ID_BYTES));
  }

  private SignedIn signedIn(SessionId session, long generation, Identity player) {
    var bearer =
        new Bearer(session, player.player(), player.uuid(), player.displayName(), player.admin());
    return new SignedIn(
        tokens.access(bearer),
        tokens.refresh(bearer, generation),
        Tokens.ACCESS_FOR,
        player.player(),
        player.displayName());
  }

  /** The generation is null if the token opened nothing. */
  private record Refreshed(Identity player, @Nullable Long generation, boolean reused) {}
}
