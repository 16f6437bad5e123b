package dev.rookery.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Passes UDP packets between one client and a node, and loses some of them. Neither has another way
 * to the other.
 */
public final class UdpRelay implements AutoCloseable {
  private static final int PACKET_BYTES_MAX = 64 << 10;

  private final DatagramChannel clientSide;
  private final DatagramChannel nodeSide;
  private final AtomicInteger lost = new AtomicInteger();
  private volatile SocketAddress client;
  private volatile SocketAddress node;
  private volatile Loss loss = (_, _) -> false;

  /** Decides which packets are lost. Called by one thread for each direction. */
  @FunctionalInterface
  public interface Loss {
    boolean loses(boolean fromClient, int bytes);
  }

  private UdpRelay() throws IOException {
    // At every address of this machine, because the peers choose one of them.
    clientSide = DatagramChannel.open().bind(new InetSocketAddress(0));
    nodeSide = DatagramChannel.open().bind(new InetSocketAddress(0));
    Thread.ofVirtual().start(() -> pass(true, clientSide, nodeSide));
    Thread.ofVirtual().start(() -> pass(false, nodeSide, clientSide));
  }

  public static UdpRelay open() {
    try {
      return new UdpRelay();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The port for the client, at every address of this machine. */
  int port() {
    return ((InetSocketAddress) localAddress(clientSide)).getPort();
  }

  private static SocketAddress localAddress(DatagramChannel channel) {
    try {
      return channel.getLocalAddress();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Sets where the node is. */
  void node(InetSocketAddress address) {
    node = address;
  }

  /** Loses packets from now on. */
  public void lose(Loss rule) {
    loss = rule;
  }

  /** Loses one of ten packets in each direction, never two in a row. */
  public void loseTenth(long seed) {
    var random = new Random(seed);
    var draws =
        new TenthLoss[] {new TenthLoss(random.nextLong()), new TenthLoss(random.nextLong())};
    lose((fromClient, _) -> draws[fromClient ? 0 : 1].next());
  }

  /** Loses none from now on. */
  public void loseNone() {
    lose((_, _) -> false);
  }

  /** How many packets were lost so far. */
  public int lost() {
    return lost.get();
  }

  /** One of each ten in a row, anywhere but at the first place. */
  private static final class TenthLoss {
    private static final int PACKETS = 10;

    private final Random random;
    private int index;
    private int chosen;

    TenthLoss(long seed) {
      random = new Random(seed);
    }

    boolean next() {
      if (index == 0) {
        chosen = 1 + random.nextInt(PACKETS - 1);
      }
      boolean isLost = index == chosen;
      index = (index + 1) % PACKETS;
      return isLost;
    }
  }

  private void pass(boolean fromClient, DatagramChannel from, DatagramChannel to) {
    ByteBuffer packet = ByteBuffer.allocate(PACKET_BYTES_MAX);
    try {
      while (true) {
        SocketAddress sender = from.receive(packet.clear());
        if (fromClient) {
          client = sender;
        }
        SocketAddress receiver = fromClient ? node : client;
        if (receiver != null && !loss.loses(fromClient, packet.flip().remaining())) {
          to.send(packet, receiver);
        } else {
          lost.incrementAndGet();
        }
      }
    } catch (ClosedChannelException _) {
      // The test has ended.
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void close() {
    try (clientSide;
        nodeSide) {
      loseNone();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
