import { QueryClientProvider } from "@tanstack/preact-query";
import { render } from "preact";
import { App } from "./app";
import { queryClient } from "./queries";

const page = document.getElementById("page");
if (page === null) throw new Error("index.html has no place for the page");
render(
  <QueryClientProvider client={queryClient}>
    <App />
  </QueryClientProvider>,
  page,
);
