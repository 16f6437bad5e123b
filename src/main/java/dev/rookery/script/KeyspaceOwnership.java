package dev.rookery.script;

import dev.rookery.base.Refused;
import dev.rookery.cluster.Member;
import dev.rookery.keyspace.Keyspace;
import dev.rookery.keyspace.KeyspaceLimits;
import dev.rookery.lease.FailoverHandler;
import dev.rookery.lease.HandoverResult;
import dev.rookery.lease.Lease;
import dev.rookery.script.CallRouter.Local;
import dev.rookery.script.CallRouter.Remote;
import dev.rookery.script.CallRouter.Unknown;
import dev.rookery.script.EmbeddedScriptEngine.Dependencies;
import dev.rookery.script.ScriptExecutor.OwnedKeyspace;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which node owns the keyspace. Exactly one node holds the lease; it restores the keyspace from the
 * database and executes the scripts of all nodes. The {@link CallRouter} is told of each change.
 */
final class KeyspaceOwnership implements FailoverHandler {
  private static final Logger LOG = LoggerFactory.getLogger(KeyspaceOwnership.class);

  static final String KIND = "keyspace";
  private static final String KEYSPACE = "scripts";
  private static final String LEASE = KIND + "/" + KEYSPACE;
  private static final String ADDRESS = "scripts/owner";

  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);

  /** After a restore that failed for another reason than a database that is away. */
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  private static final Duration RELEASE_WITHIN = Duration.ofSeconds(5);

  private static final int ARGUMENTS_MAX = 1 << 20;
  private static final int STRING_BYTES_MAX = 64 << 20;

  private final Dependencies with;
  private final EmbeddedSettings settings;
  private final CallRouter router;
  private final UpdateBroadcast updates;
  private final KeyspaceStore store;
  private final KeyspaceMeters meters;
  private final ReentrantLock locating = new ReentrantLock();
  private final AtomicBoolean locateAgain = new AtomicBoolean();
  private volatile boolean stopping;
  private volatile boolean closed;
  private volatile long retryNanos = System.nanoTime();

  KeyspaceOwnership(
      Dependencies with, EmbeddedSettings settings, CallRouter router, UpdateBroadcast updates) {
    this.with = with;
    this.settings = settings;
    this.router = router;
    this.updates = updates;
    this.store = new KeyspaceStore(with.database(), KEYSPACE);
    this.meters = new KeyspaceMeters(with.meters());
    meters.watch(
        "owned",
        "Whether this node owns the keyspace of scripts",
        this,
        ownership -> ownership.router.route() instanceof Local ? 1 : 0);
    meters.watch(
        "backlog",
        "Bytes of changes of scripts that are not stored yet",
        this,
        ownership ->
            ownership.router.route() instanceof Local(var executor) ? executor.unwritten() : 0);
    meters.watch("waiting", "Calls of scripts that wait", router, CallRouter::waiting);
  }

  /** Listens to other nodes; called on the engine's context. */
  Future<?> listen() {
    return Future.all(router.listen(), with.bus().listenToOthers(ADDRESS, this::onAnnounced));
  }

  /** Called from time to time on the engine's context. */
  void tick() {
    if (!router.tick() && System.nanoTime() - retryNanos >= 0) {
      locate();
    }
  }

  /** Acquires the keyspace, or finds its owner, on a thread of its own. */
  void locate() {
    locateAgain.set(true);
    Thread.startVirtualThread(
        () -> {
          if (locating.tryLock()) {
            try {
              while (!closed && locateAgain.getAndSet(false)) {
                locateNow();
              }
            } catch (Refused unavailable) {
              LOG.debug("the owner of the keyspace is not known yet: {}", unavailable.toString());
            } catch (RuntimeException failed) {
              if (!stopping) {
                LOG.error("the keyspace of scripts could not be restored, trying again", failed);
              }
              retryNanos = System.nanoTime() + RETRY_AFTER.toNanos();
            } finally {
              locating.unlock();
            }
          }
        });
  }

  private void locateNow() {
    if (router.route() instanceof Local local) {
      if (local.executor().isOpen()) {
        return;
      }
      // It has stopped after an error; what it has executed is stored before it starts anew.
      local.executor().stop();
      router.change(local, new Unknown());
    }
    if (!stopping) {
      Optional<Lease> acquired = with.leases().acquire(LEASE);
      if (acquired.isPresent()) {
        own(acquired.get());
        return;
      }
    }
    Optional<Long> owner = with.leases().findOwner(LEASE);
    if (owner.isPresent() && owner.get() != with.membership().run()) {
      long run = owner.get();
      with.membership().members().stream()
          .filter(member -> member.run() == run)
          .map(Member::node)
          .findFirst()
          .ifPresent(node -> router.set(new Remote(node, run)));
    }
  }

  private void own(Lease lease) {
    long started = System.nanoTime();
    var executor = restore(lease);
    executor.start();
    Duration took = Duration.ofNanos(System.nanoTime() - started);
    meters.restored(took);
    LOG.debug("this node owns the keyspace of scripts, restored in {} ms", took.toMillis());
    router.set(new Local(executor));
    if (with.leases().isLost(lease) || executor.isLost()) {
      // It was lost before there was a route, so that onLost had nothing to end.
      lose(lease);
      return;
    }
    announce(lease);
    if (stopping) {
      stop();
    }
  }

  private ScriptExecutor restore(Lease lease) {
    var changes = new ChangeBuffer();
    var limits = new KeyspaceLimits(settings.memoryBytes(), STRING_BYTES_MAX, ARGUMENTS_MAX);
    var keyspace = new Keyspace(limits, with.random(), changes);
    var position = new KeyspaceRestorer(store).restore(keyspace);
    var log = new LogWriter(store, lease, settings.durability(), position, () -> lose(lease));
    log.start();
    return new ScriptExecutor(
        new OwnedKeyspace(lease, keyspace, changes, store),
        log,
        settings,
        updates,
        () -> with.leases().isValid(lease),
        with.clock(),
        meters);
  }

  /** Tells the other nodes that this one is the owner now. */
  private void announce(Lease lease) {
    with.bus()
        .broadcast(
            ADDRESS, new ScriptFrames.Writer().text(with.node()).number(lease.run()).buffer());
  }

  /** Another node is the owner, or has given up the keyspace. What it says is looked up. */
  private void onAnnounced(Buffer bytes) {
    try {
      var frame = new ScriptFrames.Reader(bytes);
      var owner = new Remote(frame.text(), frame.number());
      if (router.route() instanceof Remote known && !known.equals(owner)) {
        router.change(known, new Unknown());
      }
      locate();
    } catch (IllegalArgumentException broken) {
      LOG.error("what another node says about the keyspace cannot be read", broken);
    }
  }

  @Override
  public void onOrphaned(String name) {
    if (router.route() instanceof Remote known) {
      router.change(known, new Unknown());
    }
    locate();
  }

  @Override
  public void onLost(Lease lease) {
    lose(lease);
  }

  private void lose(Lease lease) {
    if (router.route() instanceof Local local
        && local.executor().lease().equals(lease)
        && router.change(local, new Unknown())) {
      LOG.warn("this node has lost the keyspace of scripts to another one");
      meters.lost();
      local.executor().abandon();
      locate();
    }
  }

  @Override
  public boolean isMovable() {
    return true;
  }

  @Override
  public boolean canServe(String name) {
    return name.equals(LEASE) && !stopping;
  }

  /** What the scripts have changed is stored before; calls wait meanwhile for the new owner. */
  @Override
  public HandoverResult handOver(String name, long toRun) {
    if (!name.equals(LEASE)) {
      return HandoverResult.NOT_OWNER;
    }
    boolean transferred;
    // Nobody here acquires the lease again while it is still that of this node.
    locating.lock();
    try {
      if (!(router.route() instanceof Local local) || !router.change(local, new Unknown())) {
        return HandoverResult.NOT_OWNER;
      }
      Lease own = local.executor().lease();
      local.executor().stop();
      transferred = with.leases().transfer(own, toRun).isPresent();
      if (!transferred) {
        with.leases().release(own);
      }
    } finally {
      locating.unlock();
    }
    announce(new Lease(LEASE, 0, 0));
    locate();
    return transferred ? HandoverResult.DONE : HandoverResult.TARGET_GONE;
  }

  @Override
  public void onShutdown() {
    stopping = true;
    stop();
  }

  /** Looks for no owner any more, and waits until nothing here uses the database. */
  void close() {
    closed = true;
    try {
      if (locating.tryLock(CLOSE_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
        locating.unlock();
      } else {
        LOG.warn("the keyspace is still being looked for after {}", CLOSE_WITHIN);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public Duration shutdownTimeout() {
    return ScriptExecutor.stopsWithin(settings).plus(RELEASE_WITHIN);
  }

  private void stop() {
    if (router.route() instanceof Local local && router.change(local, new Unknown())) {
      local.executor().stop();
      try {
        with.leases().release(local.executor().lease());
        announce(new Lease(LEASE, 0, 0));
      } catch (Refused unavailable) {
        // It becomes free when this run has ended.
        LOG.debug("the keyspace could not be released: {}", unavailable.toString());
      }
    }
  }
}
