package dev.rookery.extensionhost;

import dev.rookery.base.FatalErrors;
import dev.rookery.base.Refused;
import dev.rookery.extension.LimitExceededException;
import dev.rookery.lease.FailoverHandler;
import dev.rookery.lease.HandoverResult;
import dev.rookery.lease.Lease;
import dev.rookery.lease.Leases;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rooms that this node owns, each with a thread that runs it. A room is a lease {@code
 * extension-room/<extension>/<room>}: it is deleted when the task returns, kept while one version
 * follows another, and left to other nodes when this one ends.
 */
final class ExtensionRooms implements FailoverHandler {
  static final int ROOMS_MAX = 10_000;
  private static final Logger LOG = LoggerFactory.getLogger(ExtensionRooms.class);
  private static final String KIND = "extension-room";

  private final Context context;
  private final Function<String, @Nullable ExtensionInstance> serving;
  private final Map<String, RunningRoom> running = new ConcurrentHashMap<>();
  private volatile @Nullable ExtensionBackend backend;
  private volatile boolean closed;

  /**
   * @param serving the version of an extension that takes calls now
   */
  ExtensionRooms(Vertx vertx, Function<String, @Nullable ExtensionInstance> serving) {
    this.context = vertx.getOrCreateContext();
    this.serving = serving;
  }

  static String lease(String extension, String room) {
    return KIND + "/" + extension + "/" + room;
  }

  private static String prefix(String extension) {
    return KIND + "/" + extension + "/";
  }

  /** Begins to take over rooms of other nodes. */
  void connect(ExtensionBackend connected) {
    backend = connected;
    connected.leases().registerHandler(KIND, this, Thread::startVirtualThread);
  }

  int count() {
    return running.size();
  }

  /** Opens a room, unless some node runs it. Blocks. */
  void open(String extension, String room) {
    String name = lease(extension, room);
    if (running.containsKey(name) || closed) {
      return;
    }
    String own = prefix(extension);
    if (running.keySet().stream().filter(each -> each.startsWith(own)).count() >= ROOMS_MAX) {
      throw new LimitExceededException("this node runs " + ROOMS_MAX + " rooms already");
    }
    acquire(extension, room);
  }

  private void acquire(String extension, String room) {
    ExtensionBackend connected = Objects.requireNonNull(backend, "no database yet");
    connected
        .leases()
        .acquire(lease(extension, room))
        .ifPresent(lease -> start(connected, extension, room, lease));
  }

  private void start(ExtensionBackend connected, String extension, String room, Lease lease) {
    var started = new RunningRoom(connected, context, extension, room, lease, serving, this::onEnd);
    if (running.putIfAbsent(lease.name(), started) == null) {
      started.start();
      if (closed) {
        started.stop();
      }
      if (connected.leases().isLost(lease)) {
        // It was lost before the room was noted here, so that onLost found nothing.
        started.lose();
      }
    }
  }

  private void onEnd(RunningRoom ended) {
    running.remove(ended.lease().name(), ended);
  }

  /** The version that takes over goes on with all rooms of the one before. */
  void handOver(String extension, List<String> opened) {
    String own = prefix(extension);
    running.forEach(
        (name, room) -> {
          if (name.startsWith(own)) {
            room.restart();
          }
        });
    if (!opened.isEmpty()) {
      Thread.startVirtualThread(() -> opened.forEach(room -> openLater(extension, room)));
    }
  }

  private void openLater(String extension, String room) {
    try {
      open(extension, room);
    } catch (RuntimeException failure) {
      LOG.warn("the room {} of {} was not opened: {}", room, extension, failure.toString());
    }
  }

  @Override
  public void onOrphaned(String name) {
    String[] parts = name.split("/", 3);
    if (parts.length < 3 || closed || running.containsKey(name)) {
      return;
    }
    ExtensionInstance instance = serving.apply(parts[1]);
    if (instance != null && instance.rooms().task() != null) {
      acquire(parts[1], parts[2]);
    }
  }

  @Override
  public void onLost(Lease lease) {
    RunningRoom room = running.get(lease.name());
    if (room != null && room.lease().equals(lease)) {
      room.lose();
    }
  }

  @Override
  public boolean isMovable() {
    return true;
  }

  @Override
  public boolean canServe(String name) {
    String[] parts = name.split("/", 3);
    ExtensionInstance instance = parts.length < 3 || closed ? null : serving.apply(parts[1]);
    return instance != null && instance.rooms().task() != null;
  }

  @Override
  public HandoverResult handOver(String name, long toRun) {
    RunningRoom room = running.get(name);
    return room == null ? HandoverResult.NOT_OWNER : room.handOver(toRun);
  }

  /** The node ends: other nodes go on with its rooms. */
  @Override
  public void onShutdown() {
    closed = true;
    running.values().forEach(RunningRoom::stop);
    running.values().forEach(RunningRoom::awaitEnd);
  }

  static void release(Leases leases, Lease lease, boolean finished) {
    try {
      if (finished) {
        leases.delete(lease);
      } else {
        leases.release(lease);
      }
    } catch (Refused unavailable) {
      // It becomes free anyway when this run of the node has ended.
      LOG.debug("the lease {} was not released: {}", lease.name(), unavailable.toString());
    } catch (RuntimeException | Error failure) {
      FatalErrors.endIfFatal(failure);
      LOG.warn("the lease {} was not released", lease.name(), failure);
    }
  }
}
