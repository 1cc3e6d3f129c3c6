# A file with an invalid file space strategy or page size, or with two free-space lists at one address.
# Test: hostile/free-space. Upstream: CVE-2025-6816 is of this message.
h5tracks_mend(
  src/H5Ofsinfo.c
[=[
    H5F_mem_page_t ptype;                      /* Memory type for iteration */
]=]
[=[
    H5F_mem_page_t ptype;                      /* Memory type for iteration */
    unsigned       type;
]=]
  src/H5Ofsinfo.c
[=[
        H5FD_mem_t            type;          /* Memory type for iteration */
]=]
[=[
]=]
  src/H5Ofsinfo.c
[=[
        fsinfo->mapped = false;
    }
]=]
[=[
        fsinfo->mapped = false;
        if (fsinfo->strategy >= H5F_FSPACE_STRATEGY_NTYPES || fsinfo->page_size < H5F_FILE_SPACE_PAGE_SIZE_MIN ||
            fsinfo->page_size > (hsize_t)H5F_FILE_SPACE_PAGE_SIZE_MAX)
            HGOTO_ERROR(H5E_OHDR, H5E_BADVALUE, NULL, "impossible file space info");
    }
    for (ptype = H5F_MEM_PAGE_SUPER; ptype < H5F_MEM_PAGE_NTYPES; ptype++)
        for (type = H5F_MEM_PAGE_SUPER; type < (unsigned)ptype; type++)
            if (H5_addr_defined(fsinfo->fs_addr[ptype - 1]) && fsinfo->fs_addr[ptype - 1] == fsinfo->fs_addr[type - 1])
                HGOTO_ERROR(H5E_OHDR, H5E_BADVALUE, NULL, "two free space managers at one address");
]=])
