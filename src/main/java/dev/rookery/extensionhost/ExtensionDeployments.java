package dev.rookery.extensionhost;

import dev.rookery.base.FatalErrors;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.cluster.Membership;
import dev.rookery.extensionhost.ExtensionCommand.Listing;
import dev.rookery.extensionhost.ExtensionCommand.NodeReport;
import dev.rookery.extensionhost.ExtensionDeployment.Report;
import dev.rookery.extensionhost.ExtensionDeployment.State;
import dev.rookery.extensionhost.ExtensionHost.Prepared;
import dev.rookery.store.Database;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes all nodes run the same versions of extensions.
 *
 * <p>A deployment is a row. Each node starts the version beside the one that runs, and reports that
 * it is ready or why not. When all living nodes are ready, the first of them to see it marks the
 * row active, and each node lets the version take over; when one has failed or did not report in
 * time, the row is marked rejected, and each node discards what it started. Nodes hear of changes
 * over the bus, and read the rows once a second in case a message was lost.
 *
 * <p>The folder of a node is one way to deploy: a jar that is put there is deployed on all nodes.
 */
public final class ExtensionDeployments implements ExtensionFolder.Listener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ExtensionDeployments.class);
  private static final long INTERVAL_MS = 1_000;
  private static final long DECISION_POLL_MS = 100;
  private static final Duration REPORT_TIME = Duration.ofSeconds(5);
  private static final String FOLDER = "folder:";
  static final String IN_PROGRESS = "deployment_in_progress";

  private final Vertx vertx;
  private final ExtensionHost host;
  private final ExtensionStore store;
  private final ClusterView cluster;
  private final ExtensionSettings settings;
  private final ExtensionFolder folder;
  private final ReentrantLock following = new ReentrantLock();
  private final Condition followed = following.newCondition();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  // What is started here and not decided, by deployment; without a version if it failed.
  private final Map<Long, Attempt> attempts = new HashMap<>();
  // What takes calls here, or could not be started, by name.
  private final Map<String, RunningVersion> running = new HashMap<>();
  private long registeredRun = -1;
  private long timer;
  private volatile boolean starting = true;
  private volatile boolean closed;

  private record Attempt(ExtensionDeployment deployment, @Nullable Prepared prepared) {}

  private record RunningVersion(long deployment, @Nullable ExtensionJar jar) {}

  public ExtensionDeployments(
      Vertx vertx,
      ExtensionHost host,
      Database database,
      Bus bus,
      Membership membership,
      String node,
      Path folder) {
    this.vertx = vertx;
    this.host = host;
    this.store = new ExtensionStore(database);
    this.cluster = new ClusterView(bus, membership, node);
    this.settings = host.settings();
    this.folder = new ExtensionFolder(vertx, folder, settings.jarBytesMax(), this);
  }

  /**
   * Starts the versions that are active and what is in the folder, and follows both from then on.
   * Blocks. An extension that does not start is logged and listed, and does not fail the node.
   */
  public void start() {
    follow();
    folder.start();
    removeWhatLeftTheFolder();
    starting = false;
    timer = vertx.setPeriodic(INTERVAL_MS, _ -> followLater());
  }

  /** A jar that was deleted while this node did not run. */
  private void removeWhatLeftTheFolder() {
    Set<String> present = new HashSet<>(folder.extensions());
    for (ExtensionDeployment each : store.current()) {
      if (each.state() == State.ACTIVE
          && each.source().equals(FOLDER + cluster.node())
          && !present.contains(each.name())) {
        remove(each.name());
      }
    }
  }

  /** Follows the rows soon, on a thread of its own. */
  void followLater() {
    if (!closed && scheduled.compareAndSet(false, true)) {
      Thread.ofVirtual().name("extension deployments").start(this::followOnce);
    }
  }

  private void followOnce() {
    scheduled.set(false);
    try {
      follow();
    } catch (Refused unavailable) {
      LOG.debug("deployments of extensions cannot be read: {}", unavailable.getMessage());
    } catch (RuntimeException | Error failure) {
      FatalErrors.endIfFatal(failure);
      LOG.error("deployments of extensions cannot be followed", failure);
    }
  }

  private void follow() {
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
        cluster.wakeOthers();
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
            .readJar(deployment.digest())
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
      return store.decide(deployment, null);
    }
    if (store.isOverdue(deployment.id())) {
      return store.decide(
          deployment, living.get(awaited.iterator().next()) + ": did not answer in time");
    }
    return false;
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
      RunningVersion here = running.get(each.name());
      if (here == null || here.deployment() != each.id()) {
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
      host.activate(prepared);
      running.put(deployment.name(), new RunningVersion(deployment.id(), prepared.jar()));
    } catch (ExtensionException failure) {
      // The version before is not what the others run.
      host.retire(deployment.name());
      running.put(deployment.name(), new RunningVersion(deployment.id(), null));
      store.report(deployment.id(), new Report(registeredRun, false, failure.getMessage(), 0));
    }
  }

  /**
   * Deploys a jar and waits until all nodes have switched to it.
   *
   * @throws Refused {@code extension_rejected} with the reason, or {@link #IN_PROGRESS}
   */
  ExtensionDeployment deploy(ExtensionJar jar, byte[] bytes, String source) {
    if (store.current().stream().anyMatch(each -> isPreparing(each, jar.name()))) {
      throw Refused.conflict(IN_PROGRESS);
    }
    store.saveJar(jar.digest(), bytes);
    return deploy(jar.name(), jar.version(), jar.digest(), source);
  }

  private static boolean isPreparing(ExtensionDeployment deployment, String name) {
    return deployment.name().equals(name) && deployment.state() == State.PREPARING;
  }

  private static @Nullable ExtensionDeployment active(
      List<ExtensionDeployment> current, String name) {
    return current.stream()
        .filter(each -> each.name().equals(name) && each.state() == State.ACTIVE)
        .findFirst()
        .orElse(null);
  }

  private ExtensionDeployment deploy(String name, String version, String digest, String source) {
    Duration time = settings.startTimeout().plus(REPORT_TIME);
    ExtensionDeployment begun = store.insert(name, version, digest, source, time);
    cluster.wakeOthers();
    ExtensionDeployment decided = awaitDecision(begun);
    if (decided.state() == State.REJECTED) {
      LOG.warn("extension {} {} was not deployed: {}", name, version, decided.reason());
      throw rejected(String.valueOf(decided.reason()));
    }
    return decided;
  }

  private static Refused rejected(String reason) {
    return new Refused(new Refusal.Denied("extension_rejected", Map.of("message", reason)));
  }

  private ExtensionDeployment awaitDecision(ExtensionDeployment begun) {
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

  ExtensionDeployment upload(String name, byte[] bytes) {
    ExtensionJar jar;
    try {
      jar = ExtensionJar.read(name, bytes);
    } catch (ExtensionException unusable) {
      throw rejected(String.valueOf(unusable.getMessage()));
    }
    if (!jar.name().equals(name)) {
      throw rejected("the manifest says that the name is " + jar.name());
    }
    return deploy(jar, bytes, "upload");
  }

  ExtensionDeployment rollback(String name, @Nullable String digest) {
    ExtensionDeployment target =
        store.usable(name).stream()
            .filter(
                each ->
                    digest == null ? each.state() != State.ACTIVE : each.digest().equals(digest))
            .findFirst()
            .orElseThrow(() -> Refused.missing("not_found"));
    return deploy(name, target.version(), target.digest(), "rollback");
  }

  /** Takes an extension out of service on all nodes; false if there is none. */
  boolean remove(String name) {
    boolean removed = store.remove(name);
    if (removed) {
      cluster.wakeOthers();
      follow();
    }
    return removed;
  }

  List<Listing> list() {
    Map<Long, String> living = cluster.living();
    Map<String, ExtensionStatus> here = new HashMap<>();
    host.extensions().forEach(status -> here.put(status.name(), status));
    List<ExtensionDeployment> all = store.current();
    var listed = new ArrayList<Listing>();
    for (String name : store.names()) {
      ExtensionDeployment current = active(all, name);
      var nodes = new ArrayList<NodeReport>();
      if (current != null) {
        for (Report report : store.reports(current.id())) {
          String node = living.get(report.run());
          if (node != null) {
            nodes.add(new NodeReport(node, report));
          }
        }
      }
      listed.add(new Listing(name, current, here.remove(name), nodes, store.history(name)));
    }
    // Files of the folder that are no jars were never deployed.
    here.values()
        .forEach(
            status -> listed.add(new Listing(status.name(), null, status, List.of(), List.of())));
    return listed;
  }

  @Override
  public void onJar(ExtensionJar jar, byte[] bytes) {
    ExtensionDeployment active = active(store.current(), jar.name());
    if (active != null && active.digest().equals(jar.digest())) {
      return;
    }
    // A node that comes back with an old file must not take back what was deployed meanwhile.
    if (starting && active != null && wasDeployed(jar)) {
      LOG.info(
          "extension {} {} of the folder is not the version that runs, which stays: {}",
          jar.name(),
          jar.version(),
          active.version());
      return;
    }
    try {
      deploy(jar, bytes, FOLDER + cluster.node());
    } catch (Refused refused) {
      if (!refused.refusal().code().equals(IN_PROGRESS)) {
        LOG.warn("extension {} of the folder: {}", jar.name(), refused.getMessage());
        return;
      }
      // Often of the same jar: nodes may share the folder.
      store.current().stream()
          .filter(each -> isPreparing(each, jar.name()))
          .forEach(this::awaitDecision);
      onJar(jar, bytes);
    }
  }

  private boolean wasDeployed(ExtensionJar jar) {
    return Stream.concat(store.usable(jar.name()).stream(), store.history(jar.name()).stream())
        .anyMatch(each -> each.digest().equals(jar.digest()));
  }

  @Override
  public void onUnusable(String name, String digest, ExtensionException failure) {
    host.reportFailure(name, "", digest, failure);
  }

  @Override
  public void onRemoved(String name) {
    for (ExtensionDeployment each : store.current()) {
      if (each.name().equals(name)
          && each.state() == State.ACTIVE
          && each.source().startsWith(FOLDER)) {
        remove(name);
      }
    }
    host.forgetFailure(name);
  }

  /** The configuration is that of this node alone, and so is the new start. */
  @Override
  public void onConfigChanged(String name) {
    following.lock();
    try {
      RunningVersion here = running.get(name);
      if (here == null) {
        return;
      }
      for (ExtensionDeployment each : store.current()) {
        if (each.id() == here.deployment()) {
          Prepared prepared = prepare(each);
          host.activate(prepared);
          running.put(name, new RunningVersion(each.id(), prepared.jar()));
        }
      }
    } catch (ExtensionException failure) {
      LOG.warn("extension {} goes on with its old configuration: {}", name, failure.getMessage());
    } finally {
      following.unlock();
    }
  }

  @Override
  public void close() {
    closed = true;
    folder.close();
    vertx.cancelTimer(timer);
  }
}
