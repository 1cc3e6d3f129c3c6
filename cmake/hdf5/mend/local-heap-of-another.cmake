# Two local heaps with the same data block: it belongs to the first, and the second has none.
# Test: hostile/files (cve-2024-32609). Upstream: CVE-2024-32609.
h5tracks_mend(
  src/H5HL.c
[=[

            /* Pin data block */
]=]
[=[

            if (dblk->heap != heap)
                HGOTO_ERROR(H5E_HEAP, H5E_BADVALUE, NULL, "local heap data block belongs to another heap");

            /* Pin data block */
]=])
