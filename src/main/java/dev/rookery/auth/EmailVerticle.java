package dev.rookery.auth;

import dev.rookery.base.FieldErrors;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.lease.Duties;
import dev.rookery.player.Credentials;
import dev.rookery.store.Database;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ways in by letter, on virtual threads. */
public final class EmailVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(EmailVerticle.class);
  private static final Duration SWEEP_EVERY = Duration.ofMinutes(1);
  private static final int SWEPT_AT_ONCE_MAX = 500;

  private final Bus bus;
  private final Database database;
  private final AuthDependencies parts;
  private final Duties duties;
  private final Credentials identities;
  private final EmailTemplates letters;
  private final EmailSignIns byMail;
  private final Reauthentication reauthentication;

  public EmailVerticle(Bus bus, Database database, AuthDependencies parts, Duties duties) {
    this.duties = duties;
    var clock = parts.clock();
    var settings = parts.settings();
    var sessions = new SessionStore(clock);
    this.bus = bus;
    this.database = database;
    this.parts = parts;
    this.identities = new Credentials(clock, parts.ids());
    this.letters = new EmailTemplates(settings.game(), settings.pages());
    this.byMail =
        new EmailSignIns(
            database,
            parts,
            identities,
            sessions,
            new Entrance(bus, sessions, settings, clock),
            letters);
    this.reauthentication =
        new Reauthentication(
            database, identities, new SessionListStore(clock), parts.passwords(), parts.attempts());
  }

  @Override
  public Future<?> start() {
    var writing = new EmailTokenSender(context, database, parts, identities, letters);
    duties.every("expired mail tokens", SWEEP_EVERY, _ -> sweep());
    return bus.<EmailCommand<?>>serve(EmailCommand.ADDRESS, command -> handle(command, writing));
  }

  private Object handle(EmailCommand<?> command, EmailTokenSender writing) {
    return switch (command) {
      case EmailCommand.RequestMagicLink(var email, var client) -> {
        writing.check();
        writing.signIn(address(email), client);
        yield Done.DONE;
      }
      case EmailCommand.RequestPasswordReset(var email, var client) -> {
        writing.check();
        writing.reset(address(email), client);
        yield Done.DONE;
      }
      case EmailCommand.RequestEmailChange ask -> {
        writing.check();
        String email = address(ask.email());
        reauthentication.check(ask.player(), ask.session(), ask.currentPassword());
        writing.change(ask.player(), email, ask.client());
        yield Done.DONE;
      }
      case EmailCommand.SignInWithToken redeem -> byMail.redeem(redeem);
      case EmailCommand.ResetPassword reset -> byMail.reset(reset);
      case EmailCommand.ConfirmEmailChange change -> {
        byMail.change(change);
        yield Done.DONE;
      }
    };
  }

  private String address(String email) {
    String normal = CredentialRules.normal(email);
    var errors = new FieldErrors();
    CredentialRules.email(errors, normal, parts.settings().limits());
    errors.refuse();
    return normal;
  }

  private void sweep() {
    var tokens = new EmailTokenStore(parts.clock());
    try {
      database.write(tx -> tokens.sweep(tx, SWEPT_AT_ONCE_MAX));
    } catch (RuntimeException failed) {
      LOG.warn("could not forget expired mail tokens, trying again: {}", failed.toString());
    }
  }
}
