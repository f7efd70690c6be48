import { useMutation } from "@tanstack/preact-query";
import { call } from "./api";
import { Failure } from "./parts/notice";
import { queryClient, type Session } from "./queries";

/** Exchanges an API key for a session; the key stays with the server's cookie, out of reach of any script. */
export function SignIn() {
  const signIn = useMutation({
    mutationFn: (apiKey: string) => call<Session>("POST", "/session", { apiKey }),
    onSuccess: (session) => startAnew(session),
  });
  return (
    <main class="sign-in">
      <form
        method="post"
        onSubmit={(event) => {
          event.preventDefault();
          const key = new FormData(event.currentTarget).get("key");
          if (typeof key === "string") signIn.mutate(key.trim());
        }}
      >
        <h1>Connections</h1>
        {/* Password managers keep what is typed under a name. */}
        <input class="visually-hidden" name="username" autocomplete="username" value="API key" tabIndex={-1} aria-hidden="true" readOnly />
        <label>
          API key
          <input name="key" type="password" required autocomplete="current-password" autofocus />
        </label>
        <button type="submit" class="primary" disabled={signIn.isPending}>
          Sign in
        </button>
        {signIn.error !== null && <Failure error={signIn.error} />}
        <p class="quiet">
          An administrator makes keys with <code>connections key create</code>.
        </p>
      </form>
    </main>
  );
}

/** What another user was shown is forgotten. */
function startAnew(session: Session | null): void {
  queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "session" });
  queryClient.setQueryData(["session"], session);
}

export function SignOut() {
  const signOut = useMutation({
    mutationFn: () => call("DELETE", "/session"),
    onSuccess: () => startAnew(null),
  });
  return (
    <button type="button" class="plain" disabled={signOut.isPending} onClick={() => signOut.mutate()}>
      Sign out
    </button>
  );
}
