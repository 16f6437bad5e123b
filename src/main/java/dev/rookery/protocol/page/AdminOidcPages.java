package dev.rookery.protocol.page;

import dev.rookery.auth.AdminOidcCommand;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.edge.RequestInfo;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import java.util.HashMap;
import java.util.Map;

/**
 * Sign-in of admins at their identity provider. It begins with a link, because browsers apply
 * {@code form-action} to the redirect of a form, and ends in the browser that began it.
 */
final class AdminOidcPages {
  private static final String START = ConsoleAdmission.SIGN_IN + "/oidc";
  private static final String CALLBACK = START + "/callback";
  private static final int PARAMETERS_MAX = 20;

  private final Bus bus;
  private final ConsoleAdmission admission;
  private final ConsoleSignInPages signIn;

  AdminOidcPages(Bus bus, ConsoleAdmission admission, ConsoleSignInPages signIn) {
    this.bus = bus;
    this.admission = admission;
    this.signIn = signIn;
  }

  void mount(Router router, PageRouter pages) {
    pages.get(router, START, this::start);
    pages.get(router, CALLBACK, this::finish);
  }

  private Future<PageResponse> start(PageRequest request) {
    String returnTo = ConsoleAdmission.returnPath(request.queryParameter("return_to"));
    boolean fresh = request.queryParameter("again").equals("true");
    Future<PageResponse> started =
        bus.ask(new AdminOidcCommand.Start(request.browser(), returnTo, fresh, request.client()))
            .map(PageResponse.Redirect::new);
    return Forms.submit(started, errors -> signIn.render(request, returnTo, errors));
  }

  private Future<PageResponse> finish(PageRequest request) {
    var command =
        new AdminOidcCommand.Finish(
            parameters(request),
            request.browser(),
            request.client(),
            RequestInfo.of(request.context()).requestId());
    Future<PageResponse> done =
        bus.ask(command)
            .compose(
                signedIn ->
                    admission.openAfterSignIn(request, signedIn.tokens(), signedIn.returnTo()));
    return Forms.submit(done, errors -> signIn.render(request, ConsoleAdmission.HOME, errors));
  }

  private static Map<String, String> parameters(PageRequest request) {
    var all = new HashMap<String, String>();
    request.context().queryParams().forEach(one -> all.putIfAbsent(one.getKey(), one.getValue()));
    if (all.size() > PARAMETERS_MAX) {
      throw Refused.denied("invalid_state");
    }
    return all;
  }
}
