package dev.rookery.node;

import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs which nodes join and leave the transport, and reports those that leave. That is a hint only:
 * nodes that lost each other may both be alive and write.
 */
final class HazelcastMemberListener implements MembershipListener {
  private static final Logger LOG = LoggerFactory.getLogger(ClusteredVertx.class);

  private final List<Consumer<String>> removalListeners = new CopyOnWriteArrayList<>();

  /** Calls the listener with the name of each removed node, on a thread that must not block. */
  void onMemberRemoved(Consumer<String> listener) {
    removalListeners.add(listener);
  }

  @Override
  public void memberAdded(MembershipEvent event) {
    LOG.info("{} joined; nodes: {}", nodeName(event), event.getMembers().size());
  }

  @Override
  public void memberRemoved(MembershipEvent event) {
    String gone = nodeName(event);
    LOG.info("{} left; nodes: {}", gone, event.getMembers().size());
    removalListeners.forEach(told -> told.accept(gone));
  }

  /** As {@link dev.rookery.config.ClusterConfig#nodeName} has it. */
  private static String nodeName(MembershipEvent event) {
    var address = event.getMember().getAddress();
    return address.getHost() + ":" + address.getPort();
  }
}
