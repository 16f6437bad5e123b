package dev.rookery.auth;

import dev.rookery.base.Ids;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.session.Tokens;
import dev.rookery.store.Database;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Serves {@link GuestCommand} on virtual threads. */
public final class GuestVerticle extends VerticleBase {
  private static final long COUNT_MS = 2_000;

  private final Bus bus;
  private final GuestStore guests;
  private final Tokens tokens;
  private final Ids ids;
  private final InstantSource clock;
  private final GuestCommand.Settings settings;
  private final String node;
  private final AtomicLong present = new AtomicLong();
  private volatile long countedMs = Long.MIN_VALUE / 2;

  /**
   * @param node the name of this node
   */
  public GuestVerticle(
      Bus bus,
      Database database,
      Tokens tokens,
      Ids ids,
      InstantSource clock,
      GuestCommand.Settings settings,
      String node,
      MeterRegistry meters) {
    this.bus = bus;
    this.guests = new GuestStore(database);
    this.tokens = tokens;
    this.ids = ids;
    this.clock = clock;
    this.settings = settings;
    this.node = node;
    Gauge.builder("rookery.godra.guests", present, AtomicLong::get)
        .description("Guests of all nodes, as this node last counted them")
        .register(meters);
  }

  @Override
  public Future<?> start() {
    return bus.<GuestCommand<?>>serve(GuestCommand.ADDRESS, this::handle);
  }

  private Object handle(GuestCommand<?> command) {
    return switch (command) {
      case GuestCommand.SignIn _ -> signIn();
      case GuestCommand.Check(var guest) -> check(guest);
      case GuestCommand.EnterGame(var guest, var game) ->
          guests.enter(guest, game, node, settings.silentMs());
      case GuestCommand.HasReconnected(var guest, var game) ->
          guests.hasReconnected(guest, game, node);
      case GuestCommand.LeaveGame(var guest, var game) -> {
        guests.leave(guest, game, node, settings.unusedMs());
        yield Done.DONE;
      }
      case GuestCommand.KeepConnected(var connected) -> guests.keep(connected, settings.silentMs());
      case GuestCommand.End(var guest) -> {
        guests.end(guest, node);
        yield Done.DONE;
      }
      case GuestCommand.Remove(var guest) -> {
        if (!guests.remove(guest)) {
          throw Refused.missing("not_found");
        }
        GuestEndBroadcast.publish(bus, guest);
        yield Done.DONE;
      }
      case GuestCommand.TakeExpired _ -> guests.takeExpired();
      case GuestCommand.Forget(var guest) -> {
        guests.forget(guest);
        present.decrementAndGet();
        yield Done.DONE;
      }
    };
  }

  private GuestCommand.Guest signIn() {
    // Counted now and then, and meanwhile by what happens here: a bound that is nearly kept is
    // enough, and costs no scan for each guest.
    long now = clock.millis();
    if (now - countedMs >= COUNT_MS) {
      countedMs = now;
      present.set(guests.count());
    }
    if (present.get() >= settings.guestsMax()) {
      throw new Refused(new Refusal.Unavailable("too_many_guests"));
    }
    present.incrementAndGet();
    String guest = GuestCommand.PREFIX + ids.uuid();
    guests.insert(guest, settings.unusedMs());
    return new GuestCommand.Guest(guest, tokens.guest(guest));
  }

  private boolean check(String guest) {
    long now = clock.millis();
    Optional<Long> expires = guests.expiryOf(guest, now);
    if (expires.isEmpty()) {
      return false;
    }
    // Not written for each request.
    if (expires.get() - now < settings.unusedMs() / 2) {
      guests.extend(guest, settings.unusedMs());
    }
    return true;
  }
}
