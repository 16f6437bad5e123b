package dev.rookery.webrtc;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A STUN or TURN server that peers of this node use. */
public record IceServer(List<String> urls, @Nullable String username, @Nullable String credential) {
  public IceServer {
    urls = List.copyOf(urls);
  }

  /** Without the credential. */
  @Override
  public String toString() {
    return "IceServer" + urls;
  }
}
