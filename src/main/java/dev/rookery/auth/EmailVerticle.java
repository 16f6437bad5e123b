package dev.rookery.auth;

import dev.rookery.base.ComparedText;
import dev.rookery.base.FieldErrors;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.console.AuditedChange;
import dev.rookery.console.Grants;
import dev.rookery.console.Invite;
import dev.rookery.email.EmailQueue;
import dev.rookery.lease.ClusterScheduler;
import dev.rookery.lease.Sweep;
import dev.rookery.lease.SweptTable;
import dev.rookery.player.Credentials;
import dev.rookery.player.PlayerCommand;
import dev.rookery.store.Database;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves {@link EmailCommand} on virtual threads, and deletes expired tokens. */
public final class EmailVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(EmailVerticle.class);
  private static final Duration SWEEP_INTERVAL = Duration.ofMinutes(1);
  private static final int SWEEP_BATCH_MAX = 500;

  private final Grants grants;
  private final Bus bus;
  private final Database database;
  private final AuthDependencies dependencies;
  private final ClusterScheduler scheduler;
  private final Credentials credentials;
  private final EmailTemplates templates;
  private final EmailSignIns emailSignIns;
  private final AccountEmails accountEmails;
  private final Reauthentication reauthentication;

  public EmailVerticle(
      Bus bus, Database database, AuthDependencies dependencies, ClusterScheduler scheduler) {
    this.scheduler = scheduler;
    var clock = dependencies.clock();
    var settings = dependencies.settings();
    var sessions = new SessionStore(clock);
    this.bus = bus;
    this.database = database;
    this.dependencies = dependencies;
    this.grants = new Grants(clock);
    this.credentials =
        new Credentials(clock, dependencies.ids(), null, settings.firstPlayerAdmin());
    this.accountEmails = new AccountEmails(database, credentials);
    this.templates = new EmailTemplates(settings);
    this.emailSignIns =
        new EmailSignIns(
            database,
            dependencies,
            credentials,
            sessions,
            new SessionOpener(bus, sessions, settings, clock),
            templates);
    this.reauthentication =
        new Reauthentication(
            database,
            credentials,
            new SessionListStore(clock),
            dependencies.passwordHasher(),
            dependencies.throttle());
  }

  @Override
  public Future<?> start() {
    var emailTokens = new EmailTokenSender(context, database, dependencies, credentials, templates);
    scheduler.scheduleSweep(
        Sweep.every(
            SWEEP_INTERVAL, "expired mail tokens", SweptTable.expired("mail_token", "expires_ms")),
        _ -> sweep());
    return bus.<EmailCommand<?>>serve(
        EmailCommand.ADDRESS, command -> handle(command, emailTokens));
  }

  private Object handle(EmailCommand<?> command, EmailTokenSender emailTokens) {
    return switch (command) {
      case EmailCommand.RequestMagicLink(var email, var client) -> {
        emailTokens.requireEmail();
        emailTokens.sendMagicLink(requireEmail(email), client);
        yield Done.DONE;
      }
      case EmailCommand.SendInvite invite -> {
        emailTokens.requireEmail();
        String language = languageFor(invite);
        dependencies.emailQueue().send(templates.invite(invite, language, Invite.VALID_FOR));
        yield Done.DONE;
      }
      case EmailCommand.RequestPasswordReset(var email, var client) -> {
        emailTokens.requireEmail();
        emailTokens.sendPasswordReset(requireEmail(email), client);
        yield Done.DONE;
      }
      case EmailCommand.RequestEmailChange request -> {
        credentials.requireUnmarked(database, request.player());
        emailTokens.requireEmail();
        String email = requireNewEmail(request.email());
        reauthentication.check(request.player(), request.session(), request.currentPassword());
        emailTokens.sendEmailChange(request.player(), email, request.client());
        yield Done.DONE;
      }
      case EmailCommand.SendTest(var admin) -> sendTest(admin);
      case EmailCommand.ReadState() -> dependencies.emailQueue().state();
      case EmailCommand.SetEmail(var player, var email) -> {
        // The account settings ask for the password first.
        if (player.equals(AuditedChange.currentAdmin())) {
          throw Refused.conflict("cannot_change_own_email");
        }
        grants.requireRank(database, player);
        emailSignIns.setEmail(player, requireNewEmail(email));
        yield Done.DONE;
      }
      case EmailCommand.SignInWithToken redeem -> emailSignIns.signIn(redeem);
      case EmailCommand.ResetPassword reset -> emailSignIns.resetPassword(reset);
      case EmailCommand.ConfirmEmailChange change -> {
        emailSignIns.confirmEmailChange(change);
        yield Done.DONE;
      }
    };
  }

  /** That of the account with the address, or else of the admin who invites. */
  private String languageFor(EmailCommand.SendInvite invite) {
    String own =
        accountEmails
            .findPassword(invite.email())
            .map(account -> credentials.findLanguage(database, account.player()))
            .orElse("");
    return own.isEmpty() ? credentials.findLanguage(database, invite.by()) : own;
  }

  private Done sendTest(PlayerId admin) {
    String address = bus.ask(new PlayerCommand.FindAccount(admin)).await().player().email();
    if (address.isEmpty()) {
      throw Refused.conflict("no_email");
    }
    try {
      String language = credentials.findLanguage(database, admin);
      dependencies.emailQueue().sendOnce(templates.test(address, language)).await();
    } catch (RuntimeException failed) {
      LOG.info("a test email was not accepted: {}", EmailQueue.problem(failed));
      throw new Refused(new Refusal.Unavailable("email_refused"));
    }
    return Done.DONE;
  }

  /** Requires an address that an account may have. */
  private String requireEmail(String email) {
    var errors = new FieldErrors();
    CredentialRules.checkEmail(errors, ComparedText.email(email), dependencies.settings().limits());
    errors.refuse();
    return accountEmails.resolve(email);
  }

  private String requireNewEmail(String email) {
    var errors = new FieldErrors();
    CredentialRules.checkNewEmail(
        errors, ComparedText.email(email), dependencies.settings().limits());
    errors.refuse();
    return accountEmails.resolve(email);
  }

  private long sweep() {
    var tokens = new EmailTokenStore(dependencies.clock());
    return database.write(tx -> tokens.sweep(tx, SWEEP_BATCH_MAX));
  }
}
