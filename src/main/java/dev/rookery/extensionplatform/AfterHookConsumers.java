package dev.rookery.extensionplatform;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Event;
import dev.rookery.base.FatalErrors;
import dev.rookery.base.Page;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.consumer.Consumers;
import dev.rookery.consumer.EventHandler;
import dev.rookery.consumer.ParkedEvent;
import dev.rookery.extension.Committed;
import dev.rookery.extension.LockTimeoutException;
import dev.rookery.extensionhost.AfterPoint;
import dev.rookery.extensionhost.CallOutcome;
import dev.rookery.extensionhost.ExtensionHost;
import dev.rookery.extensionhost.HookPositions;
import dev.rookery.lease.ClusterScheduler;
import dev.rookery.store.Database;
import dev.rookery.store.Transaction;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives the hooks of extensions after changes from committed events: each extension that has some
 * is a durable consumer of its own, so that none waits for another.
 *
 * <p>Events are kept for consumers as soon as a version is started that follows them, and until the
 * last such version is stopped. A version takes calls only after all nodes have started it, so no
 * node then commits an event that it does not keep.
 */
public final class AfterHookConsumers implements HookPositions, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AfterHookConsumers.class);
  private static final String PREFIX = "extension:";
  private static final long RETRY_MS = 1_000;

  private final ExtensionHost host;
  private final Database database;
  private final Consumers consumers;
  private final ClusterScheduler scheduler;
  private final Semaphore changed = new Semaphore(0);
  private final Map<String, Set<Class<? extends Event>>> running = new HashMap<>();
  private volatile boolean loading = true;
  private volatile boolean closed;

  /**
   * Keeps all events that any hook could follow: it is not known yet which are deployed.
   *
   * @param database in which parked changes are deleted, with the entry of the admin who does it
   */
  public AfterHookConsumers(
      ExtensionHost host, Database database, Consumers consumers, ClusterScheduler scheduler) {
    this.host = host;
    this.database = database;
    this.consumers = consumers;
    this.scheduler = scheduler;
    onChanged();
  }

  /** Follows the host from now on. */
  public void start() {
    host.onAfterHooks(this::onChanged);
    Thread.ofVirtual().name("after hooks of extensions").start(this::run);
  }

  /** All extensions that are deployed are loaded. */
  public void loaded() {
    loading = false;
    onChanged();
  }

  private void onChanged() {
    Set<AfterPoint> awaited =
        loading ? EnumSet.allOf(AfterPoint.class) : host.hookCalls().awaitedChanges();
    consumers.keepAlso(AfterHookEvents.of(awaited));
    changed.release();
  }

  /** On a thread of its own, because it waits for the database and for handlers to end. */
  private void run() {
    try {
      while (!closed) {
        changed.acquire();
        changed.drainPermits();
        while (!closed && !tryToFollow()) {
          LOG.trace("changed: {}", changed.tryAcquire(RETRY_MS, TimeUnit.MILLISECONDS));
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean tryToFollow() {
    try {
      follow();
      return true;
    } catch (Refused unavailable) {
      LOG.debug("hooks of extensions wait: {}", unavailable.getMessage());
    } catch (RuntimeException | Error failure) {
      FatalErrors.endIfFatal(failure);
      LOG.error("hooks of extensions cannot be followed, trying again", failure);
    }
    return false;
  }

  private void follow() {
    var wanted = new HashMap<String, Set<Class<? extends Event>>>();
    host.hookCalls()
        .followedChanges()
        .forEach((name, points) -> wanted.put(name, AfterHookEvents.of(points)));
    Map.copyOf(running)
        .forEach(
            (name, events) -> {
              if (!events.equals(wanted.get(name))) {
                consumers.remove(PREFIX + name, scheduler);
                running.remove(name);
              }
            });
    wanted.forEach(
        (name, events) -> {
          if (!running.containsKey(name)) {
            consumers.add(new Hooks(name, events), scheduler);
            running.put(name, events);
          }
        });
  }

  @Override
  public void close() {
    closed = true;
    changed.release();
  }

  @Override
  public void begin(Transaction tx, String extension) {
    consumers.createPositions(tx, PREFIX + extension);
  }

  @Override
  public void end(Transaction tx, String extension) {
    consumers.deletePositions(tx, PREFIX + extension);
  }

  @Override
  public Page<ParkedEvent> parked(String extension, Page.Request page) {
    return consumers.parked(PREFIX + extension, page);
  }

  @Override
  public void retry(String extension, long parkedId) {
    var hooks = new Hooks(extension, Set.of());
    try {
      host.locks()
          .exclusively(
              "parked change of " + extension + " " + parkedId,
              () -> {
                if (!consumers.retryParked(hooks, parkedId, database)) {
                  throw Refused.missing("not_found");
                }
                return parkedId;
              });
    } catch (LockTimeoutException _) {
      throw Refused.conflict("retry_in_progress");
    } catch (Refused refused) {
      if (refused.refusal() instanceof Refusal.Denied(var code, _)) {
        throw new Refused(new Refusal.Denied("hook_failed", Map.of("message", code)));
      }
      throw refused;
    } catch (RuntimeException unexpected) {
      throw unexpected;
    } catch (Exception checked) {
      throw new IllegalStateException(checked);
    }
  }

  @Override
  public void drop(String extension, long parkedId) {
    database.write(
        tx -> {
          if (!consumers.deleteParked(tx, PREFIX + extension, parkedId)) {
            throw Refused.missing("not_found");
          }
          return parkedId;
        });
  }

  /** The hooks of one extension, whichever version of it runs. */
  private final class Hooks implements EventHandler {
    private final String extension;
    private final Set<Class<? extends Event>> events;

    Hooks(String extension, Set<Class<? extends Event>> events) {
      this.extension = extension;
      this.events = events;
    }

    @Override
    public String name() {
      return PREFIX + extension;
    }

    @Override
    public Set<Class<? extends Event>> events() {
      return events;
    }

    @Override
    public void handle(CommittedEvent event, Instant at) {
      AfterHookEvents.Change change =
          AfterHookEvents.change(event, at, host.hookCalls()::displayName);
      if (change == null) {
        return;
      }
      var committed = new Committed<>(key(event), at, change.shown());
      CallOutcome outcome = host.hookCalls().after(extension, change.point(), committed).await();
      switch (outcome) {
        case CallOutcome.Returned _ -> {}
        // Its log has the reason.
        case CallOutcome.Rejected _ -> throw Refused.denied("hook_rejected");
        case CallOutcome.Failed failed ->
            throw switch (failed.failure()) {
              case BUSY, EXTENSION_NOT_FOUND -> new Refused(new Refusal.Unavailable("busy"));
              default -> Refused.denied("hook_" + failed.failure().name().toLowerCase(Locale.ROOT));
            };
      }
    }
  }

  private static String key(CommittedEvent event) {
    return event.stream() + "/" + event.position().epoch() + "/" + event.position().offset();
  }
}
