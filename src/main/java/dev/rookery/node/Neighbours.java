package dev.rookery.node;

import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells which nodes the transport sees come and go. What it says is a hint: nodes that lost each
 * other may both live and write.
 */
final class Neighbours implements MembershipListener {
  private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);

  private final List<Consumer<String>> whenGone = new CopyOnWriteArrayList<>();

  /** From now on, with the node's name; on a thread of the transport, which must not wait. */
  void whenGone(Consumer<String> told) {
    whenGone.add(told);
  }

  @Override
  public void memberAdded(MembershipEvent event) {
    LOG.info("{} joined; nodes: {}", where(event), event.getMembers().size());
  }

  @Override
  public void memberRemoved(MembershipEvent event) {
    String gone = where(event);
    LOG.info("{} left; nodes: {}", gone, event.getMembers().size());
    whenGone.forEach(told -> told.accept(gone));
  }

  /** As {@link dev.rookery.config.ClusterConfig#nodeName} has it. */
  private static String where(MembershipEvent event) {
    var address = event.getMember().getAddress();
    return address.getHost() + ":" + address.getPort();
  }
}
