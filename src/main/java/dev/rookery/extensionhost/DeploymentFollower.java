package dev.rookery.extensionhost;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.cluster.RowFollower;
import dev.rookery.extensionhost.ExtensionDeployment.Report;
import dev.rookery.extensionhost.ExtensionDeployment.State;
import dev.rookery.extensionhost.ExtensionHost.Prepared;
import dev.rookery.store.Transaction;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes this node run the versions of extensions that the rows say.
 *
 * <p>Each node starts a version that is to be deployed beside the one that runs, and reports that
 * it is ready or why not. When all living nodes are ready, the first of them to see it marks the
 * row active, and each node lets the version take over; when one has failed or did not report in
 * time, the row is marked rejected, and each node discards what it started.
 */
final class DeploymentFollower {
  private static final Logger LOG = LoggerFactory.getLogger(DeploymentFollower.class);
  private static final long DECISION_POLL_MS = 100;

  private final ExtensionHost host;
  private final ExtensionStore store;
  private final ExtensionGameStore games;
  private final ClusterView cluster;
  private final RowFollower rows;
  private final ExtensionFolder folder;
  private final HookPositions positions;
  private final ReentrantLock following = new ReentrantLock();
  private final Condition followed = following.newCondition();
  // What is started here and not decided, by deployment; without a version if it failed.
  private final Map<Long, Attempt> attempts = new HashMap<>();
  // The deployment that takes calls here, or could not be started, by name.
  private final Map<String, Long> running = new HashMap<>();
  private long registeredRun = -1;
  private volatile boolean closed;

  private record Attempt(ExtensionDeployment deployment, @Nullable Prepared prepared) {}

  /**
   * @param rows of deployments
   * @param folder has the configuration of each extension
   */
  DeploymentFollower(
      ExtensionHost host,
      ExtensionStore store,
      ExtensionGameStore games,
      ClusterView cluster,
      RowFollower rows,
      ExtensionFolder folder,
      HookPositions positions) {
    this.host = host;
    this.store = store;
    this.games = games;
    this.cluster = cluster;
    this.rows = rows;
    this.folder = folder;
    this.positions = positions;
  }

  /** Makes this node do what the rows say, as far as it can now. Blocks. */
  void follow() {
    following.lock();
    try {
      if (closed) {
        return;
      }
      register();
      List<ExtensionDeployment> current = store.current();
      boolean changed = false;
      for (ExtensionDeployment each : current) {
        if (each.state() == State.PREPARING) {
          if (!attempts.containsKey(each.id())) {
            tryOut(each);
            changed = true;
          }
          changed |= decideIfPossible(each);
        }
      }
      if (changed) {
        rows.announce();
        current = store.current();
      }
      takeOver(current);
      followed.signalAll();
    } finally {
      following.unlock();
    }
  }

  private void register() {
    long run = cluster.run();
    if (run != registeredRun) {
      store.register(run, cluster.living().keySet());
      registeredRun = run;
    }
  }

  private void tryOut(ExtensionDeployment deployment) {
    Report report;
    try {
      Prepared prepared = prepare(deployment);
      attempts.put(deployment.id(), new Attempt(deployment, prepared));
      report = new Report(registeredRun, true, null, prepared.startTime().toMillis());
    } catch (ExtensionException failure) {
      attempts.put(deployment.id(), new Attempt(deployment, null));
      report = new Report(registeredRun, false, failure.getMessage(), 0);
    }
    store.report(deployment.id(), report);
  }

  private Prepared prepare(ExtensionDeployment deployment) throws ExtensionException {
    byte[] bytes =
        store
            .jars()
            .read(deployment.digest())
            .orElseThrow(() -> new ExtensionException("the jar is not stored any more"));
    ExtensionJar jar = ExtensionJar.read(deployment.name(), bytes);
    return host.prepare(jar, folder.config(jar.name()));
  }

  private boolean decideIfPossible(ExtensionDeployment deployment) {
    List<Report> reports = store.reports(deployment.id());
    Map<Long, String> living = cluster.living();
    Set<Long> awaited = store.followers();
    awaited.retainAll(living.keySet());
    for (Report report : reports) {
      if (!report.ready()) {
        String node = living.getOrDefault(report.run(), "a node that has ended");
        return store.decide(deployment, node + ": " + report.reason());
      }
      awaited.remove(report.run());
    }
    if (awaited.isEmpty()) {
      return store.decide(deployment, null, tx -> move(tx, deployment));
    }
    if (store.isOverdue(deployment.id())) {
      return store.decide(
          deployment, living.get(awaited.iterator().next()) + ": did not answer in time");
    }
    return false;
  }

  /** All nodes start the same version, so its hooks are known here. */
  private void move(Transaction tx, ExtensionDeployment deployment) {
    Attempt attempt = attempts.get(deployment.id());
    Prepared prepared = attempt == null ? null : attempt.prepared();
    if (prepared == null || prepared.hasAfterHooks()) {
      positions.begin(tx, deployment.name());
    } else {
      positions.end(tx, deployment.name());
    }
  }

  /** Makes this node do what the rows say. */
  private void takeOver(List<ExtensionDeployment> current) {
    Set<String> active = new HashSet<>();
    Set<Long> open = new HashSet<>();
    for (ExtensionDeployment each : current) {
      if (each.state() == State.PREPARING) {
        open.add(each.id());
        continue;
      }
      active.add(each.name());
      Long here = running.get(each.name());
      if (here == null || here != each.id()) {
        activate(each);
      }
    }
    for (Attempt attempt : List.copyOf(attempts.values())) {
      ExtensionDeployment deployment = attempt.deployment();
      if (!open.contains(deployment.id())) {
        attempts.remove(deployment.id());
        if (attempt.prepared() != null) {
          host.discard(attempt.prepared());
          String reason = store.find(deployment.id()).reason();
          host.reportFailure(
              deployment.name(),
              deployment.version(),
              deployment.digest(),
              new ExtensionException(reason == null ? "replaced meanwhile" : reason));
        }
      }
    }
    for (String name : List.copyOf(running.keySet())) {
      if (!active.contains(name)) {
        running.remove(name);
        host.remove(name);
      }
    }
  }

  private void activate(ExtensionDeployment deployment) {
    Attempt attempt = attempts.remove(deployment.id());
    Prepared prepared = attempt == null ? null : attempt.prepared();
    try {
      if (prepared == null) {
        // This node has started since, or had failed and was taken for dead.
        prepared = prepare(deployment);
        store.report(
            deployment.id(),
            new Report(registeredRun, true, null, prepared.startTime().toMillis()));
      }
      recordGames(deployment, prepared);
      host.activate(prepared);
      running.put(deployment.name(), deployment.id());
    } catch (ExtensionException failure) {
      // The version before is not what the others run.
      host.retire(deployment.name());
      running.put(deployment.name(), deployment.id());
      store.report(deployment.id(), new Report(registeredRun, false, failure.getMessage(), 0));
    }
  }

  /** Before a room can start on them, so that their jar is kept for it. */
  private void recordGames(ExtensionDeployment deployment, Prepared prepared) {
    boolean recorded = false;
    try {
      games.activated(deployment.name(), deployment.digest(), prepared.games());
      recorded = true;
    } finally {
      if (!recorded) {
        // It is started again when the rows are followed the next time.
        host.discard(prepared);
      }
    }
  }

  /**
   * Follows the rows until a deployment is decided.
   *
   * @throws Refused {@code not_serving} if the node is being stopped
   */
  ExtensionDeployment awaitDecision(ExtensionDeployment begun) {
    while (true) {
      follow();
      ExtensionDeployment now = store.find(begun.id());
      if (now.state() != State.PREPARING) {
        return now;
      }
      following.lock();
      try {
        if (closed) {
          throw new Refused(new Refusal.Unavailable("not_serving"));
        }
        boolean signalled = followed.await(DECISION_POLL_MS, TimeUnit.MILLISECONDS);
        LOG.trace("followed: {}", signalled);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        throw new Refused(new Refusal.Unavailable("not_serving"));
      } finally {
        following.unlock();
      }
    }
  }

  /**
   * Starts the running version of an extension anew with its changed configuration, which is that
   * of this node alone. Blocks.
   */
  void restart(String name) {
    following.lock();
    try {
      Long here = running.get(name);
      if (here == null) {
        return;
      }
      for (ExtensionDeployment each : store.current()) {
        if (each.id() == here) {
          host.activate(prepare(each));
        }
      }
    } catch (ExtensionException failure) {
      LOG.warn("extension {} goes on with its old configuration: {}", name, failure.getMessage());
    } finally {
      following.unlock();
    }
  }

  /** From now on nothing is followed. */
  void close() {
    closed = true;
  }
}
