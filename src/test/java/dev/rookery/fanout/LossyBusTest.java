package dev.rookery.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Event;
import dev.rookery.base.Position;
import dev.rookery.bus.Bus;
import dev.rookery.bus.EventTypes;
import dev.rookery.testkit.Eventually;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * A bus that loses, repeats and reorders, a history that is away now and then, and clients that
 * come and go: whatever happens, each sees every event once and in order, or is told to reload.
 */
final class LossyBusTest {
  private static final String STREAM = "lobby:1";
  private static final int CLIENTS = 4;
  private static final int STEPS = 120;

  private static Vertx vertx;
  private static Bus bus;

  private record Said(long number) implements Event {}

  @BeforeContainer
  static void open() {
    vertx = Vertx.vertx();
    bus = new Bus(vertx, new SimpleMeterRegistry());
  }

  @AfterContainer
  static void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Property(tries = 40)
  void everyFollowerSeesEachEventOnceAndInOrder(@ForAll long seed, @ForAll boolean forgetful)
      throws Exception {
    var world = new World(new Random(seed), forgetful);
    for (int step = 0; step < STEPS; step++) {
      world.step();
    }
    world.settle();

    for (Client client : world.clients) {
      assertThat(client.faults).as("client %d", client.number).isEmpty();
      assertThat(client.place).isEqualTo(world.log.head(STREAM));
      assertThat(forgetful || client.reloads == 0).as("reloaded without need").isTrue();
    }
  }

  private static final class World {
    private final Random random;
    private final boolean forgetful;
    private final InMemoryEventHistory log = new InMemoryEventHistory(Said::new);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final FanOut fanOut =
        new FanOut(vertx, bus, new EventTypes(List.of()), log, meters, "node-a", 2);
    private final List<CommittedEvent> onTheWay = new ArrayList<>();
    private final List<Client> clients = new ArrayList<>();

    World(Random random, boolean forgetful) {
      this.random = random;
      this.forgetful = forgetful;
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(new Client(this, i));
      }
    }

    void step() {
      switch (random.nextInt(10)) {
        case 0, 1, 2, 3 -> commit();
        case 4, 5 -> arrive();
        case 6, 7 -> clients.get(random.nextInt(CLIENTS)).turn();
        case 8 -> log.outages.set(random.nextInt(8) == 0 ? 1 : 0);
        default -> {
          if (forgetful && random.nextInt(4) == 0) {
            log.forget(STREAM, random.nextInt(20));
          }
          Eventually.pause();
        }
      }
    }

    /** Commits, and loses or repeats some of it on its way. */
    private void commit() {
      for (int i = random.nextInt(6); i >= 0; i--) {
        CommittedEvent posted = log.append(STREAM);
        for (int copies = random.nextInt(3); copies > 0; copies--) {
          onTheWay.add(posted);
        }
      }
    }

    private void arrive() {
      Collections.shuffle(onTheWay, random);
      int now = random.nextInt(onTheWay.size() + 1);
      onTheWay.subList(0, now).forEach(posted -> fanOut.publish(List.of(posted)));
      onTheWay.subList(0, now).clear();
    }

    /** All are there, and a last event is not lost. */
    void settle() throws Exception {
      log.outages.set(0);
      for (Client client : clients) {
        client.here().get(10, TimeUnit.SECONDS);
      }
      CommittedEvent last = log.append(STREAM);
      fanOut.publish(List.of(last));
      Eventually.holds(
          () -> clients.stream().allMatch(client -> last.position().equals(client.place)));
    }
  }

  /** Remembers the last place, as clients do, whatever becomes of its connections. */
  private static final class Client {
    private final World world;
    private final int number;
    private final Context context = ((VertxInternal) vertx).createEventLoopContext();
    private final List<String> faults = Collections.synchronizedList(new ArrayList<>());
    private volatile Position place;
    private volatile int reloads;
    private ClientConnection visit;

    Client(World world, int number) {
      this.world = world;
      this.number = number;
    }

    /** Comes or goes. */
    void turn() {
      context.runOnContext(
          _ -> {
            if (visit == null) {
              come();
            } else {
              go();
            }
          });
    }

    CompletableFuture<Void> here() {
      var done = new CompletableFuture<Void>();
      context.runOnContext(
          _ -> {
            if (visit == null) {
              come();
            }
            done.complete(null);
          });
      return done;
    }

    private void come() {
      var coming = new ClientConnection();
      visit = coming;
      coming.following = world.fanOut.subscribe(STREAM, coming);
      Position snapshot = world.log.head(STREAM);
      if (place == null) {
        place = world.fanOut.resumePosition(snapshot);
        coming.following.startAfter(snapshot);
      } else {
        world
            .fanOut
            .recover(STREAM, place, snapshot, _ -> false)
            .onSuccess(recovery -> recovered(coming, recovery, snapshot));
      }
    }

    private void recovered(ClientConnection coming, Recovery recovery, Position snapshot) {
      if (visit != coming) {
        return;
      }
      switch (recovery) {
        case Recovery.Recovered(var missed, var upto) -> {
          missed.forEach(coming::onEvent);
          if (!upto.equals(place) && !(upto.isBeginning() && place.isBeginning())) {
            faults.add("recovered up to " + upto + " but was shown up to " + place);
          }
          coming.following.startAfter(upto);
        }
        case Recovery.Reload(var why) -> {
          switch (why) {
            case WINDOW_PASSED -> reloads++;
            // To reload is fine while the history is away.
            case UNAVAILABLE -> {}
            default -> faults.add("reload: " + why);
          }
          place = world.fanOut.resumePosition(snapshot);
          coming.following.startAfter(snapshot);
        }
      }
    }

    private void go() {
      visit.following.cancel();
      visit = null;
    }

    private final class ClientConnection implements Subscriber {
      private Subscription following;

      @Override
      public void onEvent(Delivery delivery) {
        if (visit != this) {
          faults.add("heard after the end");
        } else if (!delivery.position().isNextAfter(place)) {
          faults.add(delivery.position() + " after " + place);
        }
        place = delivery.position();
      }

      @Override
      public void onLost() {
        reloads++;
        place = null;
        come();
      }
    }
  }
}
