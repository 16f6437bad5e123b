package dev.rookery.console;

import dev.rookery.base.Ids;
import dev.rookery.base.Sha256;
import dev.rookery.bus.Bus;
import dev.rookery.store.Database;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.InstantSource;

/** Serves {@link TicketCommand} on virtual threads. */
public final class TicketVerticle extends VerticleBase {
  static final Duration VALID_FOR = Duration.ofSeconds(30);
  private static final int TICKET_BYTES = 16;
  private static final int TICKET_CHARACTERS_MAX = 64;

  private final Bus bus;
  private final TicketStore store;
  private final InstantSource clock;
  private final Ids ids;

  public TicketVerticle(Bus bus, Database database, InstantSource clock, Ids ids) {
    this.bus = bus;
    this.store = new TicketStore(database);
    this.clock = clock;
    this.ids = ids;
  }

  @Override
  public Future<?> start() {
    return bus.<TicketCommand<?>>serve(TicketCommand.ADDRESS, this::answer);
  }

  private Object answer(TicketCommand<?> command) {
    return switch (command) {
      case TicketCommand.Issue(var session) -> issue(session);
      case TicketCommand.Redeem(var ticket, var session) ->
          ticket.length() <= TICKET_CHARACTERS_MAX
              && store.remove(digest(ticket), session, clock.millis());
    };
  }

  private String issue(String session) {
    String ticket = ids.token(TICKET_BYTES);
    long now = clock.millis();
    store.add(digest(ticket), session, now, now + VALID_FOR.toMillis());
    return ticket;
  }

  private static String digest(String ticket) {
    return Sha256.hex(ticket);
  }
}
