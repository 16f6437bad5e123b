package dev.rookery.auth;

import dev.rookery.base.FieldErrors;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.lease.ClusterScheduler;
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
  private static final Duration SWEEP_INTERVAL = Duration.ofMinutes(1);
  private static final int SWEEP_BATCH_MAX = 500;

  private final Bus bus;
  private final Database database;
  private final AuthDependencies dependencies;
  private final ClusterScheduler duties;
  private final Credentials credentials;
  private final EmailTemplates templates;
  private final EmailSignIns emailSignIns;
  private final Reauthentication reauthentication;

  public EmailVerticle(
      Bus bus, Database database, AuthDependencies parts, ClusterScheduler duties) {
    this.duties = duties;
    var clock = parts.clock();
    var settings = parts.settings();
    var sessions = new SessionStore(clock);
    this.bus = bus;
    this.database = database;
    this.dependencies = parts;
    this.credentials = new Credentials(clock, parts.ids());
    this.templates = new EmailTemplates(settings.productName(), settings.pagesUrl());
    this.emailSignIns =
        new EmailSignIns(
            database,
            parts,
            credentials,
            sessions,
            new Entrance(bus, sessions, settings, clock),
            templates);
    this.reauthentication =
        new Reauthentication(
            database,
            credentials,
            new SessionListStore(clock),
            parts.passwordHasher(),
            parts.throttle());
  }

  @Override
  public Future<?> start() {
    var writing = new EmailTokenSender(context, database, dependencies, credentials, templates);
    duties.every("expired mail tokens", SWEEP_INTERVAL, _ -> sweep());
    return bus.<EmailCommand<?>>serve(EmailCommand.ADDRESS, command -> handle(command, writing));
  }

  private Object handle(EmailCommand<?> command, EmailTokenSender writing) {
    return switch (command) {
      case EmailCommand.RequestMagicLink(var email, var client) -> {
        writing.requireEmail();
        writing.sendMagicLink(requireValidEmail(email), client);
        yield Done.DONE;
      }
      case EmailCommand.RequestPasswordReset(var email, var client) -> {
        writing.requireEmail();
        writing.sendPasswordReset(requireValidEmail(email), client);
        yield Done.DONE;
      }
      case EmailCommand.RequestEmailChange ask -> {
        writing.requireEmail();
        String email = requireValidEmail(ask.email());
        reauthentication.check(ask.player(), ask.session(), ask.currentPassword());
        writing.sendEmailChange(ask.player(), email, ask.client());
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

  private String requireValidEmail(String email) {
    String normal = CredentialRules.normalizeEmail(email);
    var errors = new FieldErrors();
    CredentialRules.checkEmail(errors, normal, dependencies.settings().limits());
    errors.refuse();
    return normal;
  }

  private void sweep() {
    var tokens = new EmailTokenStore(dependencies.clock());
    try {
      database.write(tx -> tokens.sweep(tx, SWEEP_BATCH_MAX));
    } catch (RuntimeException failed) {
      LOG.warn("could not forget expired mail tokens, trying again: {}", failed.toString());
    }
  }
}
