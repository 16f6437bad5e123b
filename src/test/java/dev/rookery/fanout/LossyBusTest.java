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
 * A bus that loses, duplicates and reorders messages, a history that is unavailable at times, and
 * clients that disconnect and resume: each client sees every event once and in order, or is told to
 * reload.
 *
 * <p>The Vertx is not that of a VertxExtension, because jqwik runs properties without the
 * extensions of JUnit Jupiter.
 */
final class LossyBusTest {
  private static final String STREAM = "lobby:1";
  private static final int CLIENTS = 4;
  private static final int STEPS = 120;

  private static Vertx vertx;
  private static Bus bus;

  private record Numbered(long number) implements Event {}

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
  void everySubscriberSeesEachEventOnceAndInOrder(@ForAll long seed, @ForAll boolean forgetful)
      throws Exception {
    var simulation = new Simulation(new Random(seed), forgetful);
    for (int step = 0; step < STEPS; step++) {
      simulation.step();
    }
    simulation.settle();

    for (Client client : simulation.clients) {
      assertThat(client.violations).as("client %d", client.number).isEmpty();
      assertThat(client.position).isEqualTo(simulation.log.head(STREAM));
      assertThat(forgetful || client.reloads == 0).as("reloads only when needed").isTrue();
    }
  }

  private static final class Simulation {
    private final Random random;
    private final boolean forgetful;
    private final InMemoryEventHistory log = new InMemoryEventHistory(Numbered::new);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final FanOut fanOut =
        new FanOut(vertx, bus, new EventTypes(List.of()), log, meters, "node-a", 2);
    private final List<CommittedEvent> inTransit = new ArrayList<>();
    private final List<Client> clients = new ArrayList<>();

    Simulation(Random random, boolean forgetful) {
      this.random = random;
      this.forgetful = forgetful;
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(new Client(this, i));
      }
    }

    void step() {
      switch (random.nextInt(10)) {
        case 0, 1, 2, 3 -> commit();
        case 4, 5 -> publishSome();
        case 6, 7 -> clients.get(random.nextInt(CLIENTS)).toggle();
        case 8 -> log.outages.set(random.nextInt(8) == 0 ? 1 : 0);
        default -> {
          if (forgetful && random.nextInt(4) == 0) {
            log.forget(STREAM, random.nextInt(20));
          }
          Eventually.pause();
        }
      }
    }

    /** Commits events, and loses or duplicates some of them in transit. */
    private void commit() {
      for (int i = random.nextInt(6); i >= 0; i--) {
        CommittedEvent posted = log.append(STREAM);
        for (int copies = random.nextInt(3); copies > 0; copies--) {
          inTransit.add(posted);
        }
      }
    }

    private void publishSome() {
      Collections.shuffle(inTransit, random);
      int now = random.nextInt(inTransit.size() + 1);
      inTransit.subList(0, now).forEach(posted -> fanOut.publish(List.of(posted)));
      inTransit.subList(0, now).clear();
    }

    /** Connects all clients and publishes a last event without loss. */
    void settle() throws Exception {
      log.outages.set(0);
      for (Client client : clients) {
        client.ensureConnected().get(120, TimeUnit.SECONDS);
      }
      CommittedEvent last = log.append(STREAM);
      fanOut.publish(List.of(last));
      Eventually.holds(
          () -> clients.stream().allMatch(client -> last.position().equals(client.position)));
    }
  }

  /** A client that remembers its last position across connections. */
  private static final class Client {
    private final Simulation simulation;
    private final int number;
    private final Context context = ((VertxInternal) vertx).createEventLoopContext();
    private final List<String> violations = Collections.synchronizedList(new ArrayList<>());
    private volatile Position position;
    private volatile int reloads;
    private ClientConnection connection;

    Client(Simulation simulation, int number) {
      this.simulation = simulation;
      this.number = number;
    }

    /** Connects or disconnects. */
    void toggle() {
      context.runOnContext(
          _ -> {
            if (connection == null) {
              connect();
            } else {
              disconnect();
            }
          });
    }

    CompletableFuture<Void> ensureConnected() {
      var done = new CompletableFuture<Void>();
      context.runOnContext(
          _ -> {
            if (connection == null) {
              connect();
            }
            done.complete(null);
          });
      return done;
    }

    private void connect() {
      var connecting = new ClientConnection();
      connection = connecting;
      connecting.subscription = simulation.fanOut.subscribe(STREAM, connecting);
      Position snapshot = simulation.log.head(STREAM);
      if (position == null) {
        position = simulation.fanOut.resumePosition(snapshot);
        connecting.subscription.startAfter(snapshot);
      } else {
        simulation
            .fanOut
            .recover(STREAM, position, snapshot, _ -> false)
            .onSuccess(recovery -> recovered(connecting, recovery, snapshot));
      }
    }

    private void recovered(ClientConnection connecting, Recovery recovery, Position snapshot) {
      if (connection != connecting) {
        return;
      }
      switch (recovery) {
        case Recovery.Recovered(var missed, var upto) -> {
          missed.forEach(connecting::onEvent);
          if (!upto.equals(position) && !(upto.isBeginning() && position.isBeginning())) {
            violations.add("recovered up to " + upto + " but was shown up to " + position);
          }
          connecting.subscription.startAfter(upto);
        }
        case Recovery.Reload(var reason) -> {
          switch (reason) {
            case WINDOW_PASSED -> reloads++;
            // A reload is correct while the history is unavailable.
            case UNAVAILABLE -> {}
            default -> violations.add("reload: " + reason);
          }
          position = simulation.fanOut.resumePosition(snapshot);
          connecting.subscription.startAfter(snapshot);
        }
      }
    }

    private void disconnect() {
      connection.subscription.cancel();
      connection = null;
    }

    private final class ClientConnection implements Subscriber {
      private Subscription subscription;

      @Override
      public void onEvent(Delivery delivery) {
        if (connection != this) {
          violations.add("received after the end");
        } else if (!delivery.position().directlyFollows(position)) {
          violations.add(delivery.position() + " after " + position);
        }
        position = delivery.position();
      }

      @Override
      public void onLost() {
        reloads++;
        position = null;
        connect();
      }
    }
  }
}
