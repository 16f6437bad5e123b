package dev.rookery.extensionhost;

import dev.rookery.base.FatalErrors;
import dev.rookery.base.Refused;
import dev.rookery.extension.RoomLease;
import dev.rookery.extension.RoomLostException;
import dev.rookery.extension.RoomTask;
import dev.rookery.fanout.Delivery;
import dev.rookery.fanout.Subscriber;
import dev.rookery.fanout.Subscription;
import dev.rookery.lease.HandoverResult;
import dev.rookery.lease.Lease;
import io.vertx.core.Context;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A room that this node owns. Its thread runs the task of the version that takes calls; a new
 * version goes on in the same thread once the task of the one before has returned.
 */
final class RunningRoom implements Subscriber {
  private static final Logger LOG = LoggerFactory.getLogger(RunningRoom.class);
  private static final int MESSAGES_MAX = 1_000;
  private static final Duration END_TIMEOUT = Duration.ofSeconds(2);

  /** How long the task is waited for before the room is handed over, as for periodic jobs. */
  private static final Duration HAND_OVER_TIMEOUT = Duration.ofSeconds(30);

  private static final ThreadLocal<@Nullable Ownership> OF_THREAD = new ThreadLocal<>();

  private final ExtensionBackend backend;
  private final Context context;
  private final String extension;
  private final String room;
  private final Lease lease;
  private final Function<String, @Nullable ExtensionInstance> serving;
  private final Consumer<RunningRoom> onEnd;
  private final Thread thread;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Queue<JsonObject> messages = new ArrayDeque<>();
  private @Nullable Subscription subscription;
  private @Nullable Ownership current;
  private boolean restarting;
  private boolean stopping;
  private boolean lost;

  /** The run that gets the room when the task has returned; null for any. */
  private @Nullable Long successor;

  private volatile HandoverResult outcome = HandoverResult.BUSY;

  RunningRoom(
      ExtensionBackend backend,
      Context context,
      String extension,
      String room,
      Lease lease,
      Function<String, @Nullable ExtensionInstance> serving,
      Consumer<RunningRoom> onEnd) {
    this.backend = backend;
    this.context = context;
    this.extension = extension;
    this.room = room;
    this.lease = lease;
    this.serving = serving;
    this.onEnd = onEnd;
    this.thread =
        Thread.ofVirtual().name("extension-" + extension + "-room-" + room).unstarted(this::loop);
  }

  Lease lease() {
    return lease;
  }

  /** The room whose task runs on the current thread; null for none. */
  static @Nullable RoomLease ofThisThread() {
    return OF_THREAD.get();
  }

  /** Whether this node does not know that another one may own it, also while it ends the task. */
  static boolean mayOwn(RoomLease room) {
    return ((Ownership) room).mayOwn();
  }

  static Lease leaseOf(RoomLease room) {
    return ((Ownership) room).lease();
  }

  void start() {
    thread.start();
  }

  /** Another version takes over. */
  void restart() {
    synchronized (this) {
      restarting = true;
      interrupt();
    }
  }

  /** This node ends. */
  void stop() {
    synchronized (this) {
      stopping = true;
      interrupt();
    }
  }

  /**
   * Ends the task, and transfers the room to another run once it has returned. Blocks until then,
   * or until it has waited for too long: {@link HandoverResult#BUSY}, and the room moves when the
   * task returns after all.
   */
  HandoverResult handOver(long toRun) {
    synchronized (this) {
      if (lost || stopping) {
        return HandoverResult.NOT_OWNER;
      }
      stopping = true;
      successor = toRun;
      interrupt();
    }
    awaitEnd(HAND_OVER_TIMEOUT);
    return outcome;
  }

  /** Another node owns the room. */
  void lose() {
    synchronized (this) {
      lost = true;
      interrupt();
    }
  }

  /** Only while the extension runs, so that no call of the server is interrupted. */
  private void interrupt() {
    if (current != null) {
      current.end.countDown();
      thread.interrupt();
    }
  }

  void awaitEnd() {
    awaitEnd(END_TIMEOUT);
  }

  private void awaitEnd(Duration within) {
    try {
      if (!ended.await(within.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("the room {} of extension {} did not end", room, extension);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void loop() {
    boolean finished = false;
    try {
      subscribe();
      boolean again = true;
      while (again) {
        beginVersion();
        ExtensionInstance instance = serving.apply(extension);
        RoomTask task = instance == null ? null : instance.rooms().task();
        if (instance == null || task == null) {
          // Nothing runs it any more, here and elsewhere.
          finished = !isStopping();
          break;
        }
        boolean returned = run(instance, task);
        synchronized (this) {
          again = restarting && !stopping && !lost;
          finished = returned && !restarting && !stopping && !lost;
        }
      }
    } catch (RuntimeException | Error failure) {
      FatalErrors.endIfFatal(failure);
      LOG.error("the room {} of extension {} failed", room, extension, failure);
    } finally {
      context.runOnContext(_ -> cancel());
      if (!isLost()) {
        giveUp(finished);
      }
      onEnd.accept(this);
      ended.countDown();
    }
  }

  private void giveUp(boolean finished) {
    Long next = successor();
    if (next != null && !finished && transfer(next)) {
      outcome = HandoverResult.DONE;
      return;
    }
    outcome = HandoverResult.TARGET_GONE;
    ExtensionRooms.release(backend.leases(), lease, finished);
  }

  private boolean transfer(long next) {
    try {
      return backend.leases().transfer(lease, next).isPresent();
    } catch (Refused unavailable) {
      LOG.debug("the room {} was not transferred: {}", room, unavailable.toString());
      return false;
    }
  }

  private synchronized @Nullable Long successor() {
    return successor;
  }

  private synchronized void beginVersion() {
    restarting = false;
  }

  private synchronized boolean isStopping() {
    return stopping;
  }

  private synchronized boolean isLost() {
    return lost;
  }

  /** Returns whether the task returned by itself. */
  private boolean run(ExtensionInstance instance, RoomTask task) {
    var ownership = new Ownership(instance.channels());
    synchronized (this) {
      if (restarting || stopping || lost) {
        return false;
      }
      current = ownership;
    }
    OF_THREAD.set(ownership);
    try {
      instance.inContext(
          () -> {
            task.run(ownership);
            return ownership;
          });
      return true;
    } catch (InterruptedException | RoomLostException _) {
      return false;
    } catch (Throwable failure) {
      FatalErrors.endIfFatal(failure);
      instance.logger().error("the room {} failed", room, failure);
      return false;
    } finally {
      OF_THREAD.remove();
      synchronized (this) {
        current = null;
        ownership.end.countDown();
        Thread.interrupted();
      }
    }
  }

  private void subscribe() {
    var subscribed = new CompletableFuture<Subscription>();
    context.runOnContext(
        _ -> {
          Subscription own =
              backend.fanOut().subscribeNode(ExtensionTopic.roomFeed(lease.name()), this);
          subscription = own;
          own.startNow();
          subscribed.complete(own);
        });
    subscribed.join();
  }

  private void cancel() {
    if (subscription != null) {
      subscription.cancel();
    }
  }

  @Override
  public void onEvent(Delivery delivery) {
    if (delivery.posted().event() instanceof ExtensionChannelEvent.RoomMessage message) {
      var received = new JsonObject(message.payload());
      synchronized (messages) {
        if (messages.size() < MESSAGES_MAX) {
          messages.add(received);
        }
      }
    }
  }

  @Override
  public void onLost() {}

  /** What the task gets; each version its own. */
  private final class Ownership implements RoomLease {
    private final ChannelTable channels;
    private final CountDownLatch end = new CountDownLatch(1);
    private long nextTick = System.nanoTime();

    Ownership(ChannelTable channels) {
      this.channels = channels;
    }

    private Lease lease() {
      return lease;
    }

    private boolean mayOwn() {
      return !isLost() && backend.leases().isValid(lease);
    }

    @Override
    public void broadcast(String topic, String event, Object payload) {
      channels.broadcast(topic, event, payload, this);
    }

    @Override
    public String room() {
      return room;
    }

    @Override
    public long epoch() {
      return lease.epoch();
    }

    @Override
    public boolean isValid() {
      return end.getCount() > 0 && backend.leases().isValid(lease);
    }

    @Override
    public List<JsonObject> takeMessages() {
      synchronized (messages) {
        var taken = new ArrayList<>(messages);
        messages.clear();
        return taken;
      }
    }

    @Override
    public boolean awaitTick(Duration period) throws InterruptedException {
      long now = System.nanoTime();
      long missed = Math.max(0, (now - nextTick) / period.toNanos());
      nextTick += (missed + 1) * period.toNanos();
      return !end.await(nextTick - now, TimeUnit.NANOSECONDS) && isValid();
    }
  }
}
