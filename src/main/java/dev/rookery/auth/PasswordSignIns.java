package dev.rookery.auth;

import dev.rookery.auth.SessionStore.NewSession;
import dev.rookery.base.ComparedText;
import dev.rookery.base.FieldErrors;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
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

/**
 * Registers players, signs them in with a password, and changes passwords. Hashing runs between
 * transactions, never inside one.
 */
final class PasswordSignIns {
  private static final String PASSWORD_SESSION = "password";
  private static final String REGISTRATION_SESSION = "register";

  private final Database database;
  private final AuthDependencies dependencies;
  private final AuthSettings settings;
  private final Credentials credentials;
  private final SessionStore sessions;
  private final SessionListStore sessionLists;
  private final SessionOpener sessionOpener;
  private final TokenIssuer tokenIssuer;
  private final PasswordAuthenticator authenticator;
  private final AccountEmails accountEmails;

  PasswordSignIns(
      Database database,
      AuthDependencies dependencies,
      Credentials credentials,
      SessionStore sessions,
      SessionListStore sessionLists,
      SessionOpener sessionOpener) {
    this.database = database;
    this.dependencies = dependencies;
    this.settings = dependencies.settings();
    this.credentials = credentials;
    this.sessions = sessions;
    this.sessionLists = sessionLists;
    this.sessionOpener = sessionOpener;
    this.tokenIssuer = new TokenIssuer(dependencies);
    this.authenticator =
        new PasswordAuthenticator(database, dependencies, credentials, sessionLists, sessionOpener);
    this.accountEmails = new AccountEmails(database, credentials);
  }

  /**
   * Signs in. An unknown email, a wrong password and an account without a password get the same
   * answer after one hash computation.
   */
  TokenPair signIn(AuthCommand.SignInByPassword signIn) {
    String email = ComparedText.email(signIn.email());
    boolean plausible = CredentialRules.arePlausible(email, signIn.password(), settings.limits());
    Optional<StoredPassword> stored =
        plausible ? accountEmails.findPassword(signIn.email()) : Optional.empty();
    var signedIn =
        authenticator.signIn(email, stored, signIn.password(), signIn.client(), PASSWORD_SESSION);
    attachDevice(signedIn.player().player(), signIn.deviceId());
    return tokenIssuer.issue(signedIn.session(), signedIn.player());
  }

  /** Links the device unless the player already has one or the device belongs to another player. */
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
   * Creates the player and signs them in. Where email is delivered, sends a confirmation email
   * instead and answers the same whether or not the address is taken. The first player needs no
   * confirmation, so that an admin can set up the server before email works.
   */
  RegistrationResult register(AuthCommand.Register register, EmailTokenSender emailTokens) {
    var errors = new FieldErrors();
    CredentialRules.checkRegistration(
        errors,
        register.email(),
        register.password(),
        register.passwordConfirmation(),
        register.displayName(),
        settings);
    if (register.deviceId() != null) {
      DeviceIds.check(errors, register.deviceId(), settings.limits());
    }
    errors.refuse();
    String email = ComparedText.email(register.email());
    String device = settings.deviceSignIn() ? register.deviceId() : null;
    String given = register.displayName() == null ? "" : register.displayName();
    String displayName = given.isBlank() ? "" : given;
    boolean confirmByEmail =
        dependencies.emailQueue().reachesRecipients() && credentials.hasFirstPlayer(database);
    refuseTaken(confirmByEmail ? null : accountEmails.resolve(register.email()), device);
    String hash = dependencies.passwordHasher().hash(register.password());
    if (confirmByEmail) {
      var payload = JsonObject.of("hash", hash, "name", displayName, "device", device);
      emailTokens.sendRegistration(
          accountEmails.resolve(register.email()), payload, register.client());
      return new RegistrationResult(null);
    }
    return new RegistrationResult(
        create(new NewPlayer(email, hash, device, displayName, false), register.client()));
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
                  .ifPresent(
                      newSession ->
                          sessionOpener.open(tx, REGISTRATION_SESSION, List.of(newSession)));
              return identity;
            });
    return tokenIssuer.issue(session, requireCreated(created, player));
  }

  /** Creates a player without a session. */
  PlayerId create(AuthCommand.CreateAccount account) {
    String name = account.displayName();
    var errors = new FieldErrors();
    CredentialRules.checkRegistration(
        errors, account.email(), account.password(), null, name, settings);
    errors.refuse();
    String email = ComparedText.email(account.email());
    refuseTaken(accountEmails.resolve(account.email()), null);
    String hash = dependencies.passwordHasher().hash(account.password());
    String displayName = name == null || name.isBlank() ? "" : name;
    var player = new NewPlayer(email, hash, null, displayName, account.confirmed());
    credentials.prepareToCreate(database);
    Optional<Identity> created = database.write(tx -> credentials.create(tx, player));
    return requireCreated(created, player).player();
  }

  private Identity requireCreated(Optional<Identity> created, NewPlayer player) {
    if (created.isEmpty()) {
      refuseTaken(player.email(), player.deviceId());
    }
    // Empty if the account that had the email or the device was deleted meanwhile.
    return created.orElseThrow(() -> new Refused(new Refusal.Unavailable("try_again")));
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

  /** Changes the password and returns the other sessions, which ended. */
  List<SessionId> changePassword(AuthCommand.ChangePassword change) {
    var errors = new FieldErrors();
    CredentialRules.checkPassword(
        errors, change.password(), change.passwordConfirmation(), settings);
    errors.refuse();
    reauthentication().check(change.player(), change.current(), change.currentPassword());
    return storePassword(change.player(), change.password(), change.current());
  }

  /** Sets the password on behalf of the server and returns the sessions, which ended. */
  List<SessionId> setPassword(PlayerId player, String password) {
    var errors = new FieldErrors();
    CredentialRules.checkPassword(errors, password, null, settings);
    errors.refuse();
    return storePassword(player, password, null);
  }

  private List<SessionId> storePassword(
      PlayerId player, String password, @Nullable SessionId kept) {
    String hash = dependencies.passwordHasher().hash(password);
    return database.write(
        tx -> {
          if (!credentials.setPassword(tx, player, hash)) {
            throw Refused.missing("not_found");
          }
          return sessions.endAll(tx, player, kept);
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
}
