package dev.rookery.node;

import com.hazelcast.cluster.Address;
import com.hazelcast.config.properties.PropertyDefinition;
import com.hazelcast.logging.ILogger;
import com.hazelcast.spi.discovery.AbstractDiscoveryStrategy;
import com.hazelcast.spi.discovery.DiscoveryNode;
import com.hazelcast.spi.discovery.DiscoveryStrategy;
import com.hazelcast.spi.discovery.DiscoveryStrategyFactory;
import com.hazelcast.spi.discovery.SimpleDiscoveryNode;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Discovers nodes by DNS names that resolve to the addresses of all nodes, such as a headless
 * service. Names are resolved again at each discovery, also after a partition: Hazelcast itself
 * would use one address of a name, and resolve it once.
 */
record DnsDiscovery(List<String> names, int port) implements DiscoveryStrategyFactory {
  private static final Logger LOG = LoggerFactory.getLogger(DnsDiscovery.class);

  @Override
  public Class<? extends DiscoveryStrategy> getDiscoveryStrategyType() {
    return Lookup.class;
  }

  // The interface of Hazelcast uses the raw type.
  @SuppressWarnings("rawtypes")
  @Override
  public DiscoveryStrategy newDiscoveryStrategy(
      DiscoveryNode node, ILogger logger, Map<String, Comparable> properties) {
    return new Lookup(this, logger, properties);
  }

  @Override
  public Collection<PropertyDefinition> getConfigurationProperties() {
    return List.of();
  }

  List<Address> addresses() {
    var addresses = new ArrayList<Address>();
    for (String name : names) {
      int colon = name.lastIndexOf(':');
      String host = colon < 0 ? name : name.substring(0, colon);
      int at = colon < 0 ? port : Integer.parseInt(name.substring(colon + 1));
      try {
        for (InetAddress address : InetAddress.getAllByName(host)) {
          addresses.add(new Address(address.getHostAddress(), at));
        }
      } catch (UnknownHostException e) {
        LOG.warn("{} resolves to no node yet: {}", host, e.getMessage());
      }
    }
    return addresses;
  }

  private static final class Lookup extends AbstractDiscoveryStrategy {
    private final DnsDiscovery join;

    @SuppressWarnings("rawtypes")
    Lookup(DnsDiscovery join, ILogger logger, Map<String, Comparable> properties) {
      super(logger, properties);
      this.join = join;
    }

    @Override
    public Iterable<DiscoveryNode> discoverNodes() {
      return join.addresses().stream()
          .map(address -> (DiscoveryNode) new SimpleDiscoveryNode(address))
          .toList();
    }
  }
}
