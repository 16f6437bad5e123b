package dev.rookery.auth;

import dev.rookery.auth.SessionStore.NewSession;
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
import dev.rookery.store.StatementException;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Registration, sign-in and change of passwords. Hashing is done between transactions. */
final class PasswordSignIns {
  private static final String PASSWORD_SESSION = "password";
  private static final String REGISTRATION_SESSION = "register";

  private final Database database;
  private final AuthDependencies dependencies;
  private final AuthSettings settings;
  private final Credentials credentials;
  private final SessionStore sessions;
  private final SessionListStore sessionLists;
  private final Entrance entrance;
  private final TokenIssuer tokenIssuer;

  PasswordSignIns(
      Database database,
      AuthDependencies parts,
      Credentials identities,
      SessionStore sessions,
      SessionListStore lists,
      Entrance entrance) {
    this.database = database;
    this.dependencies = parts;
    this.settings = parts.settings();
    this.credentials = identities;
    this.sessions = sessions;
    this.sessionLists = lists;
    this.entrance = entrance;
    this.tokenIssuer = new TokenIssuer(parts);
  }

  /** Unknown address, wrong password, no password: one answer, and one hash computed for each. */
  TokenPair signIn(AuthCommand.SignInByPassword signIn) {
    String email = CredentialRules.normalizeEmail(signIn.email());
    boolean possible = CredentialRules.arePlausible(email, signIn.password(), settings.limits());
    Optional<StoredPassword> secret =
        possible ? credentials.findPasswordByEmail(database, email) : Optional.empty();
    dependencies
        .throttle()
        .beginAttempt(email, signIn.client(), () -> hasSessionAt(secret, signIn.client()));
    String hash = secret.map(StoredPassword::passwordHash).orElse(null);
    if (!dependencies.passwordHasher().matches(signIn.password(), hash) || hash == null) {
      throw Refused.denied("invalid_credentials");
    }
    SessionId session = tokenIssuer.newSessionId();
    PlayerId player = secret.orElseThrow().player();
    Admission entered =
        database.write(
            tx -> {
              var seen =
                  credentials
                      .updateLastSeen(tx, player, hash)
                      .map(entrance::check)
                      .orElseThrow(() -> Refused.denied("invalid_credentials"));
              var opened = List.of(new NewSession(session, player, signIn.client()));
              return new Admission(seen, entrance.enter(tx, PASSWORD_SESSION, opened));
            });
    entrance.tell(entered.ended);
    dependencies.throttle().recordSuccess(email, signIn.client());
    attachDevice(player, signIn.deviceId());
    return tokenIssuer.issue(session, 0, entered.identity);
  }

  private boolean hasSessionAt(Optional<StoredPassword> secret, Client client) {
    return secret.isPresent()
        && sessionLists.hasSessionAt(database, secret.get().player(), client.address());
  }

  /** A player with a device already, or a device with a player, stays as it is. */
  private void attachDevice(PlayerId player, @Nullable String device) {
    if (device == null
        || !settings.deviceSignIn()
        || !DeviceIds.isValid(device, settings.limits())) {
      return;
    }
    try {
      database.write(
          tx -> {
            credentials.attachDevice(tx, player, device);
            return Done.DONE;
          });
    } catch (StatementException failed) {
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
    CredentialRules.checkRegistration(errors, register, settings);
    errors.refuse();
    String email = CredentialRules.normalizeEmail(register.email());
    String device = settings.deviceSignIn() ? register.deviceId() : null;
    String name = register.displayName() == null ? "" : register.displayName();
    String shown = name.isBlank() ? "" : name;
    boolean byLetter = dependencies.outgoing().delivers() && credentials.hasFirstPlayer(database);
    refuseTaken(byLetter ? null : email, device);
    String hash = dependencies.passwordHasher().hash(register.password());
    if (byLetter) {
      var payload = JsonObject.of("hash", hash, "name", shown, "device", device);
      writing.sendRegistration(email, payload, register.client());
      return new RegistrationResult(null);
    }
    return new RegistrationResult(
        create(new NewPlayer(email, hash, device, shown, false), register.client()));
  }

  private TokenPair create(NewPlayer player, Client client) {
    SessionId session = tokenIssuer.newSessionId();
    credentials.prepareToCreate(database);
    Optional<Identity> created =
        database.write(
            tx -> {
              var identity = credentials.create(tx, player);
              identity
                  .map(found -> new NewSession(session, found.player(), client))
                  .ifPresent(opened -> entrance.enter(tx, REGISTRATION_SESSION, List.of(opened)));
              return identity;
            });
    if (created.isEmpty()) {
      refuseTaken(player.email(), player.deviceId());
    }
    return tokenIssuer.issue(session, 0, created.orElseThrow());
  }

  private void refuseTaken(@Nullable String email, @Nullable String device) {
    var taken = credentials.findTaken(database, email, device);
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
  List<SessionId> changePassword(AuthCommand.ChangePassword change) {
    var errors = new FieldErrors();
    CredentialRules.checkPassword(
        errors, change.password(), change.passwordConfirmation(), settings);
    errors.refuse();
    reauthentication().check(change.player(), change.current(), change.currentPassword());
    String hash = dependencies.passwordHasher().hash(change.password());
    return database.write(
        tx -> {
          if (!credentials.setPassword(tx, change.player(), hash)) {
            throw Refused.missing("not_found");
          }
          return sessions.endAll(tx, change.player(), change.current());
        });
  }

  private Reauthentication reauthentication() {
    return new Reauthentication(
        database,
        credentials,
        sessionLists,
        dependencies.passwordHasher(),
        dependencies.throttle());
  }

  private record Admission(Identity identity, List<SessionId> ended) {}
}
