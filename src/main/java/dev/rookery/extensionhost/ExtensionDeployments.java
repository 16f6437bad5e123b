package dev.rookery.extensionhost;

import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.CommandScope;
import dev.rookery.cluster.Membership;
import dev.rookery.cluster.NodeCalls;
import dev.rookery.cluster.RowFollower;
import dev.rookery.consumer.ParkedEvent;
import dev.rookery.extensionhost.ExtensionCommand.Listing;
import dev.rookery.extensionhost.ExtensionCommand.NodeReport;
import dev.rookery.extensionhost.ExtensionDeployment.Report;
import dev.rookery.extensionhost.ExtensionDeployment.State;
import dev.rookery.game.StoredGames;
import dev.rookery.store.Database;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deploys extensions on all nodes: what admins upload, roll back and remove, and what is put into
 * the folder of a node or deleted from it. A deployment is a row, which all nodes follow with their
 * {@link DeploymentFollower}.
 */
public final class ExtensionDeployments implements ExtensionFolder.Listener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ExtensionDeployments.class);
  private static final Duration REPORT_TIME = Duration.ofSeconds(5);
  private static final String FOLDER = "folder:";
  static final String IN_PROGRESS = "deployment_in_progress";

  private final ExtensionHost host;
  private final ExtensionStore store;
  private final ReplacedGames replacedGames;
  private final ClusterView cluster;
  private final ExtensionSettings settings;
  private final ExtensionFolder folder;
  private final DeploymentFollower follower;
  private final RowFollower rows;
  private final ExtensionSchedules schedules;
  private final HookPositions positions;
  private volatile boolean starting = true;

  public ExtensionDeployments(
      Vertx vertx,
      ExtensionHost host,
      Database database,
      NodeCalls calls,
      Membership membership,
      String node,
      Path folder,
      HookPositions positions) {
    this.positions = positions;
    this.host = host;
    this.store = new ExtensionStore(database);
    var games = new ExtensionGameStore(database, host.clock());
    this.rows =
        new RowFollower(
            vertx, calls, database.registry(), "deployments of extensions", this::follow);
    this.cluster = new ClusterView(membership, node);
    this.settings = host.settings();
    this.folder = new ExtensionFolder(vertx, folder, settings.jarBytesMax(), this);
    this.replacedGames = new ReplacedGames(host, store, games, this.folder);
    this.follower =
        new DeploymentFollower(host, store, games, cluster, rows, this.folder, positions);
    this.schedules =
        new ExtensionSchedules(
            vertx, host, database, host.clock(), membership::run, database.registry());
  }

  /**
   * Starts the versions that are active and what is in the folder, and follows both from then on.
   * Blocks. An extension that does not start is logged and listed, and does not fail the node.
   */
  public void start() {
    // First, so that other nodes need not wait for the folder of this one.
    rows.start();
    follower.follow();
    folder.start();
    removeWhatLeftTheFolder();
    starting = false;
    schedules.start();
  }

  private void follow() {
    follower.follow();
  }

  /** The versions of games that rooms go on with after they were replaced. */
  public StoredGames storedGames() {
    return replacedGames;
  }

  /** A jar that was deleted while this node did not run. */
  private void removeWhatLeftTheFolder() {
    Set<String> present = new HashSet<>(folder.extensions());
    for (ExtensionDeployment each : store.current()) {
      if (each.state() == State.ACTIVE
          && each.source().equals(FOLDER + cluster.node())
          && !present.contains(each.name())) {
        removeOfFolder(each.name());
      }
    }
  }

  /**
   * Deploys a jar and waits until all nodes have started it.
   *
   * @throws Refused {@code extension_rejected} with the reason, or {@link #IN_PROGRESS}
   */
  ExtensionDeployment deploy(ExtensionJar jar, byte[] bytes, String source) {
    if (store.current().stream().anyMatch(each -> isPreparing(each, jar.name()))) {
      throw Refused.conflict(IN_PROGRESS);
    }
    // The change is the row of the deployment; without it the parts of a jar mean nothing.
    CommandScope.callOutside(
        () -> {
          store.jars().save(jar.digest(), bytes);
          return jar;
        });
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
    rows.announce();
    ExtensionDeployment decided = follower.awaitDecision(begun);
    if (decided.state() == State.REJECTED) {
      LOG.warn("extension {} {} was not deployed: {}", name, version, decided.reason());
      throw rejected(String.valueOf(decided.reason()));
    }
    return decided;
  }

  private static Refused rejected(String reason) {
    return new Refused(new Refusal.Denied("extension_rejected", Map.of("message", reason)));
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
    return followed(deploy(jar, bytes, "upload"));
  }

  /** The answer to a change of an admin, which all nodes follow. */
  private <T> T followed(T answer) {
    rows.announceAndWait();
    return answer;
  }

  ExtensionDeployment rollback(String name, @Nullable String digest) {
    ExtensionDeployment target =
        store.usable(name).stream()
            .filter(
                each ->
                    digest == null ? each.state() != State.ACTIVE : each.digest().equals(digest))
            .findFirst()
            .orElseThrow(() -> Refused.missing("not_found"));
    return followed(deploy(name, target.version(), target.digest(), "rollback"));
  }

  /**
   * Takes an extension out of service on all nodes.
   *
   * @throws Refused {@code not_found} if it is not in service
   */
  void remove(String name) {
    end(name);
    rows.announceAndWait();
  }

  private void end(String name) {
    store.remove(
        name,
        tx -> {
          positions.end(tx, name);
          ExtensionGameStore.removed(tx, name);
        });
    follower.follow();
  }

  /** As {@link #end}, unless another node that shares the folder has done it. */
  private void removeOfFolder(String name) {
    try {
      end(name);
      rows.announce();
    } catch (Refused refused) {
      if (!(refused.refusal() instanceof Refusal.Missing)) {
        throw refused;
      }
    }
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

  /** The scheduled jobs of an extension. */
  List<ExtensionCommand.Job> jobs(String name) {
    requireKnown(name);
    return schedules.list(name);
  }

  /** The scheduled jobs of all extensions. */
  List<ExtensionCommand.Schedule> schedules() {
    return schedules.listAll();
  }

  void runJob(String name, String job) {
    schedules.runNow(name, job);
  }

  List<FunctionListing> functions(String name) {
    requireKnown(name);
    return host.clientCalls().functions().stream()
        .filter(function -> function.extension().equals(name))
        .toList();
  }

  List<ExtensionCommand.HookFigures> hooks(String name) {
    requireKnown(name);
    return host.hookCalls().figures(name);
  }

  /** Calls a function; the result completes on the context of the caller and does not fail. */
  Future<CallOutcome> call(String name, String function, List<?> arguments, PlayerId caller) {
    return host.clientCalls().call(name, function, arguments, caller);
  }

  Page<ParkedEvent> parked(String name, Page.Request page) {
    requireKnown(name);
    return positions.parked(name, page);
  }

  void retryParked(String name, long id) {
    positions.retry(name, id);
  }

  void dropParked(String name, long id) {
    positions.drop(name, id);
  }

  private void requireKnown(String name) {
    if (!store.names().contains(name)) {
      throw Refused.missing("not_found");
    }
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
          .forEach(follower::awaitDecision);
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
        removeOfFolder(name);
      }
    }
    host.forgetFailure(name);
  }

  @Override
  public void onConfigChanged(String name) {
    follower.restart(name);
  }

  @Override
  public void close() {
    schedules.close();
    rows.close();
    follower.close();
    folder.close();
  }
}
