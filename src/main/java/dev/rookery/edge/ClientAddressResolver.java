package dev.rookery.edge;

import dev.rookery.base.CidrBlock;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Determines the IP address and scheme of the client behind trusted proxies.
 *
 * <p>A forwarding header counts only if the peer itself is a trusted proxy, because any client can
 * send one, and only if it is named: a proxy passes on the headers that it does not know. If the
 * header is a list, to which each proxy appends the address of its peer, the last entry that is not
 * a trusted proxy is the client: everything before it may be forged.
 *
 * <p>The first forwarding header of a peer that is not trusted is logged, once in the life of this
 * object: mostly it comes from a proxy that somebody forgot to name, and then all players share one
 * address.
 */
public final class ClientAddressResolver {
  /** The header names that can be configured as trusted. */
  public static final Set<String> HEADERS =
      Set.of("cf-connecting-ip", "fly-client-ip", "x-forwarded-for", "forwarded", "x-real-ip");

  private static final Logger LOG = LoggerFactory.getLogger(ClientAddressResolver.class);
  private static final String FORWARDED = "forwarded";
  private static final String FORWARDED_PROTO = "x-forwarded-proto";
  // Bounds the work for a forged list; no real request passes more proxies.
  private static final int HOPS_MAX = 32;

  /**
   * How many requests of a connection are searched for headers of a forgotten proxy, which adds
   * them to each.
   */
  private static final int CHECKED_MAX = 16;

  private final List<CidrBlock> proxies;
  private final List<String> trustedHeaders;
  private final AtomicBoolean warned = new AtomicBoolean();

  /**
   * @param proxies addresses of the trusted proxies
   * @param trustedHeaders names of the headers to read; the first one present counts
   */
  public ClientAddressResolver(List<CidrBlock> proxies, List<String> trustedHeaders) {
    this.proxies = List.copyOf(proxies);
    this.trustedHeaders =
        trustedHeaders.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
  }

  /** Throws {@link IllegalArgumentException} unless the name is one of {@link #HEADERS}. */
  public static void checkHeader(String header) {
    if (!HEADERS.contains(header.toLowerCase(Locale.ROOT))) {
      // What is no name of a header may be the value of another key.
      boolean name = header.matches("[A-Za-z0-9-]{1,40}");
      throw new IllegalArgumentException(
          (name ? "\"" + header + "\"" : "its value")
              + " is not one of "
              + String.join(", ", HEADERS.stream().sorted().toList()));
    }
  }

  /** The other end of a connection, which is the same for all of its requests. */
  static final class Peer {
    private final @Nullable IpAddress address;
    private final boolean trusted;
    private int checked;

    private Peer(@Nullable IpAddress address, boolean trusted) {
      this.address = address;
      this.trusted = trusted;
    }
  }

  /** Parses the address of the other end of the connection of a request. */
  Peer peerOf(HttpServerRequest request) {
    IpAddress address = peer(request);
    return new Peer(address, address != null && address.isIn(proxies));
  }

  /** The client's IP address as text, or the empty text for a request over a Unix socket. */
  public String resolve(HttpServerRequest request) {
    return resolve(request, peerOf(request));
  }

  /** As {@link #resolve(HttpServerRequest)}, with the peer of the connection. */
  String resolve(HttpServerRequest request, Peer connected) {
    IpAddress peer = connected.address;
    if (peer == null) {
      return "";
    }
    if (!connected.trusted) {
      if (connected.checked < CHECKED_MAX) {
        connected.checked++;
        warnOnce(request, peer);
      }
      return peer.toString();
    }
    for (String header : trustedHeaders) {
      List<String> lines = request.headers().getAll(header);
      if (!lines.isEmpty()) {
        IpAddress client = lastUntrustedHop(lines, header.equals(FORWARDED));
        return (client == null ? peer : client).toString();
      }
    }
    return peer.toString();
  }

  /** Whether a trusted proxy reports that the client connected over https. */
  public boolean isHttps(HttpServerRequest request) {
    IpAddress peer = peer(request);
    if (peer == null || !peer.isIn(proxies)) {
      return false;
    }
    // The last entry was added by the proxy next to this server, which is the trusted one.
    List<String> protos = request.headers().getAll(FORWARDED_PROTO);
    if (!protos.isEmpty()) {
      String nearest = protos.getLast();
      return nearest.substring(nearest.lastIndexOf(',') + 1).strip().equalsIgnoreCase("https");
    }
    List<String> forwarded =
        trustedHeaders.contains(FORWARDED) ? request.headers().getAll(FORWARDED) : List.of();
    List<ForwardedHeader.Entry> entries =
        forwarded.isEmpty() ? null : ForwardedHeader.parse(forwarded.getLast());
    return entries != null
        && !entries.isEmpty()
        && "https".equalsIgnoreCase(entries.getLast().proto());
  }

  private static @Nullable IpAddress peer(HttpServerRequest request) {
    String peer = request.remoteAddress() == null ? null : request.remoteAddress().hostAddress();
    return peer == null ? null : IpAddress.parse(peer);
  }

  private void warnOnce(HttpServerRequest request, IpAddress peer) {
    if (warned.get()) {
      return;
    }
    for (String header : HEADERS) {
      if (request.headers().contains(header) && !warned.getAndSet(true)) {
        LOG.warn(
            "{} sent the header {}, which counts only from a trusted proxy. If this address is your"
                + " proxy, add it to http.trustedProxies (TRUSTED_PROXIES): without that, all"
                + " players behind it share one address and its rate limits. This is logged once.",
            peer,
            header);
      }
    }
  }

  /**
   * The last entry that is not a trusted proxy; the first entry if all are trusted. Reading from
   * the end, an invalid entry ends the list; null if nothing valid comes behind it.
   */
  private @Nullable IpAddress lastUntrustedHop(List<String> lines, boolean forwarded) {
    IpAddress client = null;
    int hops = 0;
    for (String line : lines.reversed()) {
      List<String> entries = forwarded ? forwardedFor(line) : commaSeparated(line);
      if (entries == null) {
        return client;
      }
      for (String entry : entries.reversed()) {
        IpAddress address = hops++ == HOPS_MAX ? null : IpAddress.parseEntry(entry);
        if (address == null) {
          return client;
        }
        client = address;
        if (!address.isIn(proxies)) {
          return client;
        }
      }
    }
    return client;
  }

  /** The entries of a list, without empty ones, which have no meaning (RFC 9110, 5.6.1). */
  private static List<String> commaSeparated(String line) {
    var entries = new ArrayList<String>();
    for (String entry : line.split(",", -1)) {
      String text = entry.strip();
      if (text.length() > 2 && text.startsWith("\"") && text.endsWith("\"")) {
        entries.add(text.substring(1, text.length() - 1));
      } else if (!text.isEmpty()) {
        entries.add(text);
      }
    }
    return entries;
  }

  /** The {@code for} values of a line, empty for an entry without one; null if malformed. */
  private static @Nullable List<String> forwardedFor(String line) {
    List<ForwardedHeader.Entry> entries = ForwardedHeader.parse(line);
    return entries == null
        ? null
        : entries.stream().map(entry -> Objects.requireNonNullElse(entry.node(), "")).toList();
  }
}
