package dev.rookery.auth;

import dev.rookery.auth.SessionStore.Opened;
import dev.rookery.base.FieldErrors;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.base.SessionId;
import dev.rookery.bus.Done;
import dev.rookery.player.Credentials;
import dev.rookery.player.Credentials.NewPlayer;
import dev.rookery.player.Credentials.StoredPassword;
import dev.rookery.player.DeviceIds;
import dev.rookery.player.Identity;
import dev.rookery.store.Database;
import dev.rookery.store.SqlFailed;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Registration, sign-in and change of passwords. Hashing is done between transactions. */
final class PasswordSignIns {
  private static final String PASSWORD = "password";
  private static final String REGISTER = "register";

  private final Database database;
  private final AuthDependencies parts;
  private final AuthSettings settings;
  private final Credentials identities;
  private final SessionStore sessions;
  private final SessionListStore lists;
  private final Entrance entrance;
  private final TokenIssuer pairs;

  PasswordSignIns(
      Database database,
      AuthDependencies parts,
      Credentials identities,
      SessionStore sessions,
      SessionListStore lists,
      Entrance entrance) {
    this.database = database;
    this.parts = parts;
    this.settings = parts.settings();
    this.identities = identities;
    this.sessions = sessions;
    this.lists = lists;
    this.entrance = entrance;
    this.pairs = new TokenIssuer(parts);
  }

  /** Unknown address, wrong password, no password: one answer, and one hash computed for each. */
  TokenPair signIn(AuthCommand.SignInByPassword signIn) {
    String email = CredentialRules.normal(signIn.email());
    boolean possible =
        CredentialRules.canBeSignedInWith(email, signIn.password(), settings.limits());
    Optional<StoredPassword> secret =
        possible ? identities.byEmail(database, email) : Optional.empty();
    parts.attempts().begin(email, signIn.client(), () -> isIn(secret, signIn.client()));
    String hash = secret.map(StoredPassword::passwordHash).orElse(null);
    if (!parts.passwords().matches(signIn.password(), hash) || hash == null) {
      throw Refused.denied("invalid_credentials");
    }
    SessionId session = pairs.newSession();
    PlayerId player = secret.orElseThrow().player();
    Entered entered =
        database.write(
            tx -> {
              var seen =
                  identities
                      .see(tx, player, hash)
                      .map(entrance::check)
                      .orElseThrow(() -> Refused.denied("invalid_credentials"));
              var opened = List.of(new Opened(session, player, signIn.client()));
              return new Entered(seen, entrance.enter(tx, PASSWORD, opened));
            });
    entrance.tell(entered.ended);
    parts.attempts().succeeded(email, signIn.client());
    attach(player, signIn.deviceId());
    return pairs.of(session, 0, entered.identity);
  }

  private boolean isIn(Optional<StoredPassword> secret, Client client) {
    return secret.isPresent() && lists.isIn(database, secret.get().player(), client.address());
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

  /**
   * Signs the new player in at once; or writes to him, where letters reach people, and answers
   * alike whether or not the address is taken. The first player of all is not written to: somebody
   * has to set the server up.
   */
  RegistrationResult register(AuthCommand.Register register, EmailTokenSender writing) {
    var errors = new FieldErrors();
    CredentialRules.newPlayer(errors, register, settings);
    errors.refuse();
    String email = CredentialRules.normal(register.email());
    String device = settings.devices() ? register.deviceId() : null;
    String name = register.displayName() == null ? "" : register.displayName();
    String shown = name.isBlank() ? "" : name;
    boolean byLetter = parts.outgoing().delivers() && identities.hadFirst(database);
    refuseTaken(byLetter ? null : email, device);
    String hash = parts.passwords().hash(register.password());
    if (byLetter) {
      var payload = JsonObject.of("hash", hash, "name", shown, "device", device);
      writing.registration(email, payload, register.client());
      return new RegistrationResult(null);
    }
    return new RegistrationResult(
        create(new NewPlayer(email, hash, device, shown, false), register.client()));
  }

  private TokenPair create(NewPlayer player, Client client) {
    SessionId session = pairs.newSession();
    identities.beforeCreating(database);
    Optional<Identity> created =
        database.write(
            tx -> {
              var identity = identities.create(tx, player);
              identity
                  .map(found -> new Opened(session, found.player(), client))
                  .ifPresent(opened -> entrance.enter(tx, REGISTER, List.of(opened)));
              return identity;
            });
    if (created.isEmpty()) {
      refuseTaken(player.email(), player.deviceId());
    }
    return pairs.of(session, 0, created.orElseThrow());
  }

  private void refuseTaken(@Nullable String email, @Nullable String device) {
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

  /** Answers which other sessions ended with it. */
  List<SessionId> change(AuthCommand.ChangePassword change) {
    var errors = new FieldErrors();
    CredentialRules.password(errors, change.password(), change.passwordConfirmation(), settings);
    errors.refuse();
    reauthentication().check(change.player(), change.current(), change.currentPassword());
    String hash = parts.passwords().hash(change.password());
    return database.write(
        tx -> {
          if (!identities.setPassword(tx, change.player(), hash)) {
            throw Refused.missing("not_found");
          }
          return sessions.endAll(tx, change.player(), change.current());
        });
  }

  private Reauthentication reauthentication() {
    return new Reauthentication(database, identities, lists, parts.passwords(), parts.attempts());
  }

  private record Entered(Identity identity, List<SessionId> ended) {}
}
