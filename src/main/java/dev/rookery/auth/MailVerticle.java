package dev.rookery.auth;

import dev.rookery.base.FieldErrors;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.lease.Duties;
import dev.rookery.player.Identities;
import dev.rookery.store.Database;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ways in by letter, on virtual threads. */
public final class MailVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(MailVerticle.class);
  private static final Duration SWEEP_EVERY = Duration.ofMinutes(1);
  private static final int SWEPT_AT_ONCE_MAX = 500;

  private final Bus bus;
  private final Database database;
  private final AuthParts parts;
  private final Duties duties;
  private final Identities identities;
  private final Letters letters;
  private final MailSignIns byMail;
  private final Reauthentication reauthentication;

  public MailVerticle(Bus bus, Database database, AuthParts parts, Duties duties) {
    this.duties = duties;
    var clock = parts.clock();
    var settings = parts.settings();
    var sessions = new SessionStore(clock);
    this.bus = bus;
    this.database = database;
    this.parts = parts;
    this.identities = new Identities(clock, parts.ids());
    this.letters = new Letters(settings.game(), settings.pages());
    this.byMail =
        new MailSignIns(
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
    var writing = new Writing(context, database, parts, identities, letters);
    duties.every("expired mail tokens", SWEEP_EVERY, _ -> sweep());
    return bus.<MailCommand<?>>serve(MailCommand.ADDRESS, command -> handle(command, writing));
  }

  private Object handle(MailCommand<?> command, Writing writing) {
    return switch (command) {
      case MailCommand.AskForSignIn(var email, var client) -> {
        writing.check();
        writing.signIn(address(email), client);
        yield Done.DONE;
      }
      case MailCommand.AskForReset(var email, var client) -> {
        writing.check();
        writing.reset(address(email), client);
        yield Done.DONE;
      }
      case MailCommand.AskForChange ask -> {
        writing.check();
        String email = address(ask.email());
        reauthentication.check(ask.player(), ask.session(), ask.currentPassword());
        writing.change(ask.player(), email, ask.client());
        yield Done.DONE;
      }
      case MailCommand.Redeem redeem -> byMail.redeem(redeem);
      case MailCommand.Reset reset -> byMail.reset(reset);
      case MailCommand.Change change -> {
        byMail.change(change);
        yield Done.DONE;
      }
    };
  }

  private String address(String email) {
    String normal = Rules.normal(email);
    var errors = new FieldErrors();
    Rules.email(errors, normal, parts.settings().limits());
    errors.refuse();
    return normal;
  }

  private void sweep() {
    var tokens = new MailTokenStore(parts.clock());
    try {
      database.write(tx -> tokens.sweep(tx, SWEPT_AT_ONCE_MAX));
    } catch (RuntimeException failed) {
      LOG.warn("could not forget expired mail tokens, trying again: {}", failed.toString());
    }
  }
}
